"""Signed places in a list."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.sql.elements import ClauseElement

from orm.engine import engine
from orm.errors import BadCursor
from orm.session import current

LONGEST = 4000  # characters of a cursor
_KINDS: dict[str, type[Any]] = {"t": datetime, "d": date, "u": UUID, "b": bool, "i": int, "s": str}
_MAC = 32


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Beside the row with these keys, or at it where inclusive, and in which direction to read from there."""

    forward: bool
    inclusive: bool
    keys: list[tuple[str, Any]]


class Cursors:
    """The cursors of one list of the current tenant; `words` says the list's order and filter when it is needed."""

    def __init__(self, words: Callable[[], str], descending: bool) -> None:
        self._opened = current()
        self._words = words
        self._descending = descending

    @cached_property
    def _list(self) -> bytes:
        words = f"{self._opened.tenant}\0{self._descending}\0{self._words()}"
        return hashlib.sha256(words.encode()).digest()

    def write(self, forward: bool, keys: Sequence[Any], *, inclusive: bool = False) -> str:
        content = msgspec.json.encode(Place(forward, inclusive, [(_kind(value), value) for value in keys]))
        return base64.urlsafe_b64encode(self._mac(content) + content).rstrip(b"=").decode()

    def read(self, cursor: str) -> Place:
        """BadCursor for all that write() has not written for this list."""
        if len(cursor) > LONGEST:
            raise BadCursor
        try:
            raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise BadCursor from None
        mac, content = raw[:_MAC], raw[_MAC:]
        if not hmac.compare_digest(mac, self._mac(content)):
            raise BadCursor
        place = msgspec.json.decode(content, type=Place)
        keys = [(kind, msgspec.convert(value, _KINDS[kind])) for kind, value in place.keys]
        return Place(place.forward, place.inclusive, keys)

    def _mac(self, content: bytes) -> bytes:
        return hmac.digest(self._opened.cursor_key, self._list + content, "sha256")


def _kind(value: Any) -> str:
    for name, kind in _KINDS.items():  # in their order: a datetime is a date too, and a bool an int
        if isinstance(value, kind):
            return name
    raise TypeError(f"A page cannot be ordered by {type(value).__name__}.")


def words_of(clause: ClauseElement) -> str:
    """What the clause says, with all values but times: "due before now" is the same list a minute later."""
    compiled = clause.compile(dialect=engine.dialect)
    return f"{compiled}\0{told(compiled.params)}"


def told(values: Mapping[str, Any]) -> str:
    lasting = {name: value for name, value in values.items() if not isinstance(value, datetime)}
    return str(sorted((name, _value(value)) for name, value in lasting.items()))


def _value(value: Any) -> str:
    return repr(sorted(map(repr, value)) if isinstance(value, list | tuple | set | frozenset) else value)
