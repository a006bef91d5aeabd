"""From rows to dataclasses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from itertools import starmap
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import Dialect
from sqlalchemy.types import UserDefinedType

from orm.errors import TooManyRows

S = TypeVar("S")


def builder(shape: type[S], names: tuple[str, ...]) -> Callable[[Iterable[Sequence[Any]]], list[S]]:
    """Makes an object of each row; `names` are the fields of its values. TypeError as of check_shape."""
    return _builder(cast(Any, shape), names)


@lru_cache(maxsize=4096)
def _builder(shape: type[Any], names: tuple[str, ...]) -> Callable[[Iterable[Sequence[Any]]], list[Any]]:
    check_shape(shape, names)
    initial = [field for field in fields(shape) if field.init]
    if names == tuple(field.name for field in initial[: len(names)] if not field.kw_only):
        return lambda rows: list(starmap(shape, rows))
    return lambda rows: [shape(**dict(zip(names, row, strict=True))) for row in rows]


def check_shape(shape: type[Any], names: Sequence[str]) -> None:
    """TypeError where the dataclass has no field of such a name, or needs one that is not given."""
    if not is_dataclass(shape):
        raise TypeError(f"{shape.__name__} is not a dataclass.")
    initial = {field.name: field for field in fields(shape) if field.init}
    if unknown := [name for name in names if name not in initial]:
        raise TypeError(f"{shape.__name__} has no field {', '.join(unknown)}.")
    needed = [name for name, field in initial.items() if field.default is MISSING and field.default_factory is MISSING]
    if missing := [name for name in needed if name not in names]:
        raise TypeError(f"{shape.__name__} also needs {', '.join(missing)}.")


LONGEST = 1000  # rows of a list for which the query names no limit


class Rows(UserDefinedType[list[Any]]):
    """A JSON array of rows, read as a list of the shape, or of dicts where there is none; TooManyRows."""

    cache_ok = True

    def __init__(self, shape: type[Any] | None, bounded: bool) -> None:
        self.shape = shape
        self.bounded = bounded

    def get_col_spec(self, **options: Any) -> str:
        return "JSON"

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[list[Any]], list[Any]]:
        def read(rows: list[Any]) -> list[Any]:
            if self.bounded and len(rows) > LONGEST:
                raise TooManyRows
            return rows if self.shape is None else msgspec.convert(rows, list[self.shape])  # type: ignore[name-defined]

        return read
