"""Full-text search whose cost does not grow with the table.

Texts become words here and not in the server, so that the same letters are the same word on both sides and no
dictionary or parser setting of a server matters. A tsvector's weights A to D are used as parts of a document.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import TEXT, Select, and_, bindparam, cast, func, literal_column, select, table, text, true, tuple_
from sqlalchemy import column as column_
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import mapped_column
from sqlalchemy.sql.elements import ColumnElement

from orm.columns import Column
from orm.cursors import Cursors, told, words_of
from orm.paging import check_order, compared
from orm.prepared import Statement, kept, parameter
from orm.query import Query

WINDOW = 2000  # rows that are read one by one before the index is asked
FURTHER = 20_000  # rows that are read after those, where that is less work than the index
DEARER = 4  # times is a row by the index, which may lie anywhere, than one in the order of the dates
_LONGEST = 64  # letters of a word; the server refuses more than 2046 bytes
_GAP = 8  # places between two texts, so that no phrase begins in one and ends in the other
_PREFIX = 2  # letters that a word must have to find longer ones
_PARTS = "ABCD"
# Scripts without spaces: each sign is a word, and what is looked for is a phrase of them.
_SIGNS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_SIGNS}]|[^\W_{_SIGNS}]+")
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of words(), or several that stand side by side; prefix lets the last be the beginning of one.

    parts, such as "AB", are those to look in; "" is all.
    """

    words: tuple[str, ...]
    prefix: bool = False
    negated: bool = False
    parts: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of the rows of a page, and the cursor of the next one."""

    keys: list[Any]
    next: str | None


def words(content: str) -> list[str]:
    """The words of a text: no case, no accents, no punctuation."""
    return [word for word, _, _ in spans(unicodedata.normalize("NFC", content))]


def spans(content: str) -> Iterator[tuple[str, int, int]]:
    """Each word with where it begins and ends in the text, which must be in the normal form NFC."""
    for found in _WORD.finditer(content):
        for word in _folded(found.group()):
            yield word, found.start(), found.end()


def column() -> Column[str]:
    """A tsvector. What is assigned comes from document()."""
    return mapped_column(TSVECTOR())


def document(parts: Mapping[str, Iterable[str]]) -> str:
    """These words as the parts, "A" to "D", of a document."""
    marked, place = [], 0
    for part, found in parts.items():
        _check(part)
        place += _GAP
        for word in found:
            marked.append(f"'{word}':{place}{part}")
            place += 1
    return " ".join(marked)


def joined(vector: Any, more: Any) -> ColumnElement[str]:
    """A document with more behind it, or with a parameter, for update()."""
    return vector.op("||")(cast(more, TSVECTOR))  # type: ignore[no-any-return]


def without(vector: Any, part: str) -> ColumnElement[str]:
    """A document without one of its parts."""
    _check(part)
    return func.ts_filter(vector, text(f"'{{{','.join(_PARTS.replace(part, ''))}}}'::\"char\"[]"), type_=TSVECTOR())


def matches(vector: Any, terms: Iterable[Term]) -> ColumnElement[bool]:
    """The document has all of the terms and none of the negated ones."""
    return vector.bool_op("@@")(cast(bindparam(None, " & ".join(map(_sought, terms))), TSQUERY))  # type: ignore[no-any-return]


class Finder:
    """Finds the query's rows whose document matches, newest first; the query may have parameters.

    by -- the time and the unique key that order the rows; an index begins with them
    vector, key -- of the table that holds the documents: its tsvector, under a GIN index, and by's key
    """

    def __init__(self, query: Query[Any], *, by: tuple[Any, Any], vector: Any, key: Any, size: int) -> None:
        check_order(by)
        self._query, self._by, self._vector, self._key, self._size = query, by, vector, key, size
        self._statements: dict[tuple[str, bool], Statement] = {}
        self._words = words_of(tuple_(*by, and_(True, *query.conditions)))

    async def find(
        self, terms: Sequence[Term], cursor: str | None, values: Mapping[str, Any], *, seconds: float = 2.0
    ) -> Found:
        """A page of them; BadCursor, TimedOut.

        The newest rows are looked through one by one, which finds what is frequent; what is not frequent there is
        rare, and the index has it in no time. Of what is between, the index of a large table would bring thousands
        for a page of few, so more rows are looked through. Sorted by the index alone, a frequent word would take
        seconds, as an absent one would along the dates. Until the transaction ends, a statement has as many seconds,
        and no table is read from end to end.
        """
        sought = " & ".join(map(_sought, terms))
        cursors = Cursors(lambda: f"{self._words}\0{sought}\0{told(values)}", True)
        place = None if cursor is None else cursors.read(cursor)
        await _limits(round(seconds * 1000)).rows({})
        keys = {} if place is None else _placed([value for _, value in place.keys])
        rows = await self._rows(terms, place is not None, {**values, **keys, "sought": sought})
        more = len(rows) > self._size
        page = rows[: self._size]
        return Found([row[-1] for row in page], cursors.write(True, page[-1]) if more else None)

    async def _rows(self, terms: Sequence[Term], later: bool, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        if not terms:
            return await self._statement("listed", later).rows(values)
        rows = list(map(tuple, await self._statement("among_newest", later).rows(values)))
        (seen, total), hits = rows[0][:2], [row[2:] for row in rows if row[-1] is not None]
        if len(hits) > self._size or seen < WINDOW:
            return hits
        if self._is_denser(len(hits), total):
            further = {**values, **_placed(hits[-1])}
            more = await self._statement("among_further", True).rows(further)
            if len(hits) + len(more) > self._size:
                return [*hits, *more]
        rare = any(not term.negated for term in terms)
        return await self._statement("by_index" if rare else "by_date", later).rows(values)

    def _is_denser(self, hits: int, total: float) -> bool:
        """Whether so many in the window promise that a page of them is found sooner by dates than by the index."""
        needed = self._size * WINDOW / hits if hits else FURTHER
        return needed < FURTHER / 2 and needed < DEARER * hits * total / WINDOW

    def _statement(self, way: str, later: bool) -> Statement:
        if (way, later) not in self._statements:
            search = _Search(self._query, self._by, self._vector, self._key, self._size + 1, later)
            self._statements[way, later] = Statement(getattr(search, way)())
        return self._statements[way, later]


@kept
def _limits(milliseconds: int) -> Statement:
    limits = {"statement_timeout": str(milliseconds), "enable_seqscan": "off"}
    return Statement(select(*(func.set_config(name, value, True) for name, value in limits.items())))


@dataclass(frozen=True, slots=True)
class _Search:
    query: Query[Any]
    by: tuple[Any, ...]
    vector: Any
    key: Any
    size: int
    later: bool  # than the place that a cursor names

    @property
    def rows(self) -> Select[Any]:
        listed = self.query.select(*(column.label(f"key_{at}") for at, column in enumerate(self.by)))
        if not self.later:
            return listed
        there = tuple_(*(parameter(f"place_{at}", column) for at, column in enumerate(self.by)))
        return listed.where(compared(self.by, there, True, False))

    def newest(self, rows: Select[Any], keys: Iterable[Any]) -> Select[Any]:
        return rows.order_by(*(key.desc() for key in keys)).limit(self.size)

    def listed(self) -> Select[Any]:
        return self.newest(self.rows, self.by)

    def among_newest(self) -> Select[Any]:
        """What matches among the newest, or one row without keys; how many those are, and about how many there are
        in all, comes with each."""
        window = self.window(WINDOW).subquery("window")
        name: Any = literal_column(f"'{self.key.class_.__table__.fullname}'::regclass")
        known: Select[Any] = select(column_("reltuples")).select_from(table("pg_class", schema="pg_catalog"))
        total = known.where(column_("oid") == name).scalar_subquery().label("total")
        seen = select(func.count().label("seen"), total).select_from(window).subquery("counted")
        hits = self.among(WINDOW).subquery("hits")
        both = select(seen.c.seen, seen.c.total, *hits.c).select_from(seen.outerjoin(hits, true()))
        return both.order_by(*(key.desc() for key in hits.c))

    def among_further(self) -> Select[Any]:
        return self.among(FURTHER)

    def window(self, rows: int) -> Select[Any]:
        return self.rows.order_by(*(key.desc() for key in self.by)).limit(rows)

    def among(self, rows: int) -> Select[Any]:
        recent = self.window(rows).subquery("recent")
        # OFFSET 0 keeps the condition away from the index: where it takes a frequent word for a rare one, that
        # would read them all.
        held = select(self.vector.label("words")).where(self.key == [*recent.c][-1]).offset(0).lateral("held")
        return self.newest(select(*recent.c).join(held, true()).where(_matches(held.c.words)), recent.c)

    def by_index(self) -> Select[Any]:
        """All that matches by the index, and only then its order."""
        matching = select(self.key.label("key")).where(_matches(self.vector))
        hits = matching.cte("hits").prefix_with("MATERIALIZED")
        found = self.rows.join(hits, hits.c.key == self.by[-1]).cte("found").prefix_with("MATERIALIZED")
        return self.newest(select(*found.c), found.c)

    def by_date(self) -> Select[Any]:
        """For what most rows match: a list of words not to have."""
        held = self.rows.join(self.key.class_, self.key == self.by[-1]).where(_matches(self.vector))
        return self.newest(held, self.by)


def _placed(keys: Sequence[Any]) -> dict[str, Any]:
    """The parameters of a statement for what comes later than these keys."""
    return {f"place_{at}": key for at, key in enumerate(keys)}


def _matches(vector: Any) -> ColumnElement[bool]:
    sought: Any = cast(bindparam("sought", type_=TEXT, required=True), TSQUERY)
    return vector.bool_op("@@")(sought)  # type: ignore[no-any-return]


def _check(part: str) -> None:
    if part not in _PARTS or len(part) != 1:
        raise ValueError("A part of a document is A, B, C or D.")


def _sought(term: Term) -> str:
    begun = "*" if term.prefix and len(term.words[-1]) >= _PREFIX else ""
    # An index knows no parts: to look for them each document would have to be read.
    parts = "" if set(term.parts) == set(_PARTS) else term.parts
    marks = [parts] * (len(term.words) - 1) + [parts + begun]
    pairs = zip(term.words, marks, strict=True)
    phrase = " <-> ".join(f"'{word}':{mark}" if mark else f"'{word}'" for word, mark in pairs)
    return f"!({phrase})" if term.negated else f"({phrase})"


@lru_cache(maxsize=16_384)
def _folded(word: str) -> tuple[str, ...]:
    if word.isascii():
        return (word.lower()[:_LONGEST],)
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", word).casefold())
    # What a sign was made of may be several words, as with a half or with a ligature of an alphabet.
    return tuple(part[:_LONGEST] for part in _WORD.findall(unicodedata.normalize("NFKC", bare)))
