"""What a type wants, in words for the person who filled in a form."""

import enum
from typing import Any

from msgspec import inspect


def expected(kind: inspect.Type) -> str:
    """Completes "This must be ...". A description in the type's own Meta goes before the words made here."""
    match kind:
        case inspect.Metadata(type=inner, extra_json_schema=schema):
            return str((schema or {}).get("description") or expected(inner))
        case inspect.IntType():
            return _whole(kind)
        case inspect.FloatType():
            return "a number"
        case inspect.BoolType():
            return "true or false"
        case inspect.NoneType():
            return "nothing"
        case inspect.StrType(min_length=least, max_length=most, pattern=pattern):
            return f"text {_length(least, most, 'characters')}{' in the form that is wanted' if pattern else ''}"
        case inspect.BytesType(min_length=least, max_length=most):
            return f"a file {_length(least, most, 'bytes')}, in base64"
        case inspect.DateTimeType():
            return "a time with its zone, such as 2026-11-21T09:30:00Z"
        case inspect.DateType():
            return "a date, such as 2026-11-21"
        case inspect.UUIDType():
            return "an id, such as 0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3"
        case inspect.EnumType(cls=cls):
            return _choice([member.value for member in cls])
        case inspect.LiteralType(values=values):
            return _choice(values)
        case inspect.UnionType(types=types):
            return " or ".join(expected(each) for each in types)
    return _several(kind)


def _several(kind: inspect.Type) -> str:
    match kind:
        case (
            inspect.ListType(item_type=item, min_length=least, max_length=most)
            | inspect.SetType(item_type=item, min_length=least, max_length=most)
            | inspect.FrozenSetType(item_type=item, min_length=least, max_length=most)
            | inspect.VarTupleType(item_type=item, min_length=least, max_length=most)
        ):
            return f"a list {_length(least, most, 'items')}, each {expected(item)}"
        case inspect.TupleType(item_types=items):
            return f"a list of {len(items)} items: {', '.join(expected(item) for item in items)}"
        case inspect.DictType(key_type=key, value_type=value):
            return f"an object; each name in it {expected(key)}, each value {expected(value)}"
        case inspect.StructType(fields=fields):
            return f"an object with {', '.join(each.encode_name for each in fields)}"
    raise TypeError(f"{kind!r} cannot be the type of an argument")


def _whole(kind: inspect.IntType) -> str:
    low = kind.ge if kind.ge is not None else None if kind.gt is None else kind.gt + 1
    high = kind.le if kind.le is not None else None if kind.lt is None else kind.lt - 1
    if low == -(2**63):
        return "a whole number" if high == 2**63 - 1 else f"a whole number up to {high:,}"
    return f"a whole number from {low:,}" if high == 2**63 - 1 else f"a whole number from {low:,} to {high:,}"


def _length(least: int | None, most: int | None, of: str) -> str:
    if most is None:
        return f"of at least {least or 0:,} {of}"
    if least == most:
        return f"of {most:,} {of}"
    return f"of {least:,} to {most:,} {of}" if least else f"of at most {most:,} {of}"


def _choice(values: Any) -> str:
    words = [str(each.value if isinstance(each, enum.Enum) else each) for each in values]
    return words[0] if len(words) == 1 else f"one of {', '.join(words)}"
