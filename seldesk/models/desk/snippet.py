"""The part of a text in which something was found, with what was found marked."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import orm
from orm.search import Term

Pieces = list[tuple[str, bool]]
LENGTH = 220  # characters
BEFORE = 60
_BETWEEN = re.compile("[^a-z0-9]+")
_REST = re.compile("[a-z0-9]+")


def marked(text: str, terms: Sequence[Term]) -> Pieces:
    """The whole text in pieces: its own words, and whether they are what was looked for."""
    text = unicodedata.normalize("NFC", text)
    return _cut(text, _found(text, terms), 0, len(text))


def snippet(texts: Iterable[str], terms: Sequence[Term]) -> Pieces:
    """From the first text in which something was found; nothing when there is none."""
    for each in texts:
        text = unicodedata.normalize("NFC", " ".join(each.split()))
        if found := _found(text, terms):
            start = _word_at(text, max(found[0][0] - BEFORE, 0))
            end = min(start + LENGTH, len(text))
            ends = [("…", False)] if end < len(text) else []
            return [*([("…", False)] if start else []), *_cut(text, found, start, end), *ends]
    return []


def _found(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where each of the terms stands, in order and apart from each other."""
    if text.isascii():
        small = text.lower()
        found = {place for term in terms for place in _plain_places(small, term)}
    else:
        words = list(orm.search.spans(text))
        found = {place for term in terms for place in _places(words, term)}
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if apart and start < apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return apart


def _plain_places(small: str, term: Term) -> Iterator[tuple[int, int]]:
    """The same in a text of ASCII in small letters, whose words are runs of letters and digits: split and compared
    word by word, a page of hits would take as long as all the rest of it.
    """
    at = small.find(term.words[0])
    while at >= 0:
        end = _plain_end(small, at, term)
        if end is not None:
            yield at, end
        at = small.find(term.words[0], at + 1)


def _plain_end(small: str, at: int, term: Term) -> int | None:
    """Where the term ends that begins here; None where it does not."""
    if at > 0 and small[at - 1].isalnum():
        return None
    for step, word in enumerate(term.words):
        between = _BETWEEN.match(small, at) if step else None
        at = between.end() if between else at
        if (step and not between) or not small.startswith(word, at):
            return None
        at += len(word)
    rest = _REST.match(small, at)
    if rest is None:
        return at
    return rest.end() if term.prefix and len(term.words[-1]) > 1 else None


def _places(words: Sequence[tuple[str, int, int]], term: Term) -> Iterator[tuple[int, int]]:
    *before, last = term.words
    begun = term.prefix and len(last) > 1
    # The last word first: hardly any place goes beyond it.
    for at, (word, _, end) in enumerate(words[len(before) :]):
        if (word.startswith(last) if begun else word == last) and all(
            words[at + step][0] == one for step, one in enumerate(before)
        ):
            yield words[at][1], end


def _cut(text: str, found: Iterable[tuple[int, int]], start: int, end: int) -> Pieces:
    pieces, at = [], start
    for first, last in found:
        if last <= start or first >= end:
            continue
        pieces += [(text[at:first], False), (text[first : min(last, end)], True)]
        at = min(last, end)
    return [piece for piece in (*pieces, (text[at:end], False)) if piece[0]]


def _word_at(text: str, at: int) -> int:
    """The beginning of the next word, where one begins soon."""
    space = text.find(" ", at, at + 20)
    return at if at == 0 or space < 0 else space + 1
