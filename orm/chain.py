"""Rows of which each holds a hash over itself and the row before it: what is changed or removed later shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from orm.columns import Column, big, binary, text
from orm.model import Model
from orm.prepared import Statement, kept, parameter

AT_ONCE = 2000  # rows


class Head(Model, abstract=True):
    """Where a chain ends: how many rows it has, and the hash of the last. One row for each chain, by its name."""

    name: Column[str] = text(primary=True)
    count: Column[int] = big()
    hash: Column[bytes] = binary()


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a chain, or nothing. number is the first row that is not as it was written.

    `count` rows were looked at; `left` says that there are more behind them.
    """

    count: int
    left: bool = False
    number: int | None = None
    wrong: str = ""


class Link(Model, abstract=True):
    """A row of a chain. `told` says what of it the hash is over; HEAD is the table in which the chain ends.

    Rows are numbered from 1 without gaps, in the order of their commits.
    """

    HEAD: ClassVar[type[Head]]
    NAME: ClassVar[str]

    number: Column[int] = big(unique=True)
    hash: Column[bytes] = binary()

    @property
    def told(self) -> bytes:
        raise NotImplementedError

    async def attach(self) -> int:
        """Writes this new row, which no transaction knows yet, at the end of the chain; its number.

        One statement, which holds the chain until the transaction ends: it is to be the last one.
        """
        names = tuple(attribute.key for attribute in self.__mapper__.column_attrs)
        given = tuple(name for name in names if name not in ("number", "hash"))
        values = {f"its_{name}": getattr(self, name) for name in given}
        rows = await _appended(type(self), given).rows({**values, "digest": sha256(self.told).digest()})
        return int(rows[0][0])

    @classmethod
    async def check(cls, after: int = 0, most: int = 10 * AT_ONCE) -> Checked:
        """Follows the chain behind a row that is known to be good. What was cut off its end together with the head
        shows only to who has kept an older head.
        """
        end = await cls.HEAD.where(cls.HEAD.name == cls.NAME).first()
        count, last = (end.count, end.hash) if end else (0, b"")
        before = (await cls.where(cls.number == after).one()).hash if after else b""
        number = after
        while number < min(count, after + most):
            listed = cls.where(cls.number > number, cls.number <= count).order_by(cls.number)
            for row in (rows := await listed.limit(AT_ONCE).all()):
                if row.number != number + 1:
                    return Checked(number - after, number=number + 1, wrong="removed")
                if sha256(before + sha256(row.told).digest()).digest() != row.hash:
                    return Checked(number - after, number=row.number, wrong="changed")
                before, number = row.hash, row.number
            if not rows:
                return Checked(number - after, number=number + 1, wrong="removed")
        if number == count and before != last:
            return Checked(number - after, number=number, wrong="changed")
        if number == count and await cls.where(cls.number > count).exists():
            return Checked(number - after, number=count + 1, wrong="added")
        return Checked(number - after, left=number < count)

    @classmethod
    async def hold(cls, heads: Mapping[int, bytes]) -> Checked:
        """Holds the chain against what its ends were at other times: number of the last row -> its hash.

        wrong is "cut" where the chain does not come so far any more, "changed" where it is another one.
        """
        listed = cls.where(cls.number.in_([*heads])).limit(len(heads))
        there = {row.number: row.hash for row in await listed.into(_Row, number=cls.number, hash=cls.hash)}
        for number in sorted(number for number in heads if number):
            if there.get(number) != heads[number]:
                return Checked(0, number=number, wrong="changed" if number in there else "cut")
        return Checked(len(heads))


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    hash: bytes


@kept
def _appended(model: type[Link], given: Sequence[str]) -> Statement:
    head = model.HEAD
    digest = parameter("digest", head.hash)
    first = {"name": model.NAME, "count": 1, "hash": func.sha256(digest)}
    next_ = {"count": head.count + 1, "hash": func.sha256(head.hash.op("||")(digest))}
    moved = insert(head).values(first).on_conflict_do_update(index_elements=["name"], set_=next_)
    end = moved.returning(head.count, head.hash).cte("chain_end")
    values = [parameter(f"its_{name}", getattr(model, name)) for name in given]
    row = select(*values, end.c.count, end.c.hash)
    statement = insert(model).from_select([*given, "number", "hash"], row).returning(model.number)
    return Statement(statement)
