"""How large an argument can be, and which types arguments can have."""

import enum
import functools
import math
import operator
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field, is_dataclass
from datetime import date, datetime
from itertools import chain
from typing import Annotated, Any, Literal, Union
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

TEXT = 100_000  # characters
ITEMS = 1_000
BLOB = 50 * 1024**2  # bytes
DEPTH = 32

# "$" would let one line break pass, at the end; JSON Schema knows no "\Z".
_ONE_LINE = r"^(?![\s\S]*[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])"

Int4 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Int8 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Line = Annotated[
    str,
    Meta(min_length=1, max_length=255, pattern=_ONE_LINE, description="one line of 1 to 255 characters"),
]
Text = Annotated[str, Meta(min_length=1, max_length=TEXT)]
Blob = Annotated[bytes, Meta(max_length=BLOB)]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost: bytes of its body, nesting of its JSON, calls in a batch, seconds in all."""

    body: int = 1024**2
    depth: int = DEPTH
    batch: int = 50
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as an argument. `type` is what the sender claims it to be."""

    name: Line
    type: Annotated[str, Meta(max_length=255)]
    content: Blob = field(repr=False)


_LENGTHS = {str: TEXT, bytes: BLOB} | dict.fromkeys((list, set, frozenset, tuple, dict), ITEMS)
_BOUNDS = ("gt", "ge", "lt", "le", "max_length", "tz")
_PLAIN = (str, int, float, bool, bytes, UUID, date, datetime, type(None), UnsetType)


def bounded(hint: Any) -> Any:
    """The same type with a bound wherever its author has set none, classes replaced by closed twins.

    What is not listed here cannot be an argument: TypeError.
    """
    return _bounded(hint, frozenset())


def _bounded(hint: Any, own: frozenset[str]) -> Any:
    base = typing.get_origin(hint) or hint
    inner = typing.get_args(hint)
    if base is Annotated:
        metas = [meta for meta in inner[1:] if isinstance(meta, Meta)]
        own = frozenset(name for meta in metas for name in _BOUNDS if getattr(meta, name) is not None)
        closed = _bounded(inner[0], own)
        return Annotated[(closed, *metas)] if metas else closed
    if base in (Union, types.UnionType):
        return functools.reduce(operator.or_, map(bounded, inner))
    if base is Literal or (isinstance(base, type) and issubclass(base, enum.Enum)):
        return hint
    if base in (list, set, frozenset, tuple, dict) and inner:
        fixed = base is tuple and ... not in inner
        closed = base[tuple(part if part is ... else bounded(part) for part in inner)]
        return closed if fixed else _with(closed, _missing(base, own))
    if hint in _PLAIN:
        return _with(hint, _missing(hint, own))
    if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, msgspec.Struct)):
        return _twin(hint)
    raise TypeError(f"{hint!r} cannot be the type of an argument")


def _missing(base: Any, own: frozenset[str]) -> dict[str, Any]:
    if base is int:
        low = {} if own & {"gt", "ge"} else {"ge": -(2**63)}
        return low if own & {"lt", "le"} else low | {"le": 2**63 - 1}
    if base is datetime:
        return {} if "tz" in own else {"tz": True}
    return {"max_length": _LENGTHS[base]} if base in _LENGTHS and "max_length" not in own else {}


def _with(hint: Any, bounds: dict[str, Any]) -> Any:
    return Annotated[hint, Meta(**bounds)] if bounds else hint


@functools.cache
def _twin(cls: type) -> type[msgspec.Struct]:
    """A struct that refuses what its original lets pass: values out of bounds, fields it does not have."""
    info: Any = msgspec.inspect.type_info(cls)
    hints = typing.get_type_hints(cls, include_extras=True)
    fields: list[Any] = []
    for each in info.fields:
        if each.required:
            fields.append((each.name, bounded(hints[each.name]), msgspec.field(name=each.encode_name)))
        else:
            left_out = msgspec.field(name=each.encode_name, default=UNSET)
            fields.append((each.name, bounded(hints[each.name]) | UnsetType, left_out))
    return msgspec.defstruct(
        # A name of its own: the original may be a result, and a schema needs to tell the two apart.
        f"{cls.__name__}Argument",
        fields,
        module=cls.__module__,
        kw_only=True,
        forbid_unknown_fields=True,
        tag=getattr(info, "tag", None),
        tag_field=getattr(info, "tag_field", None),
    )


def flaw(value: object, depth: int = DEPTH) -> str:
    """Why this may stand in no argument of whatever type, as a sentence; "" when it may."""
    if isinstance(value, str):
        return "" if clean(value) else "This has characters in it that cannot be kept."
    if isinstance(value, float):
        return "" if math.isfinite(value) else "This must be a finite number."
    if isinstance(value, dict):
        parts: Iterable[object] = chain(value, value.values())
    elif isinstance(value, list | tuple):
        parts = value
    else:
        return ""
    if not depth:
        return "This is nested too deeply."
    return next(filter(None, (flaw(part, depth - 1) for part in parts)), "")


def clean(text: str) -> bool:
    """Whether a text has no NUL, which PostgreSQL cannot keep, and no lone surrogate, which UTF-8 cannot."""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
