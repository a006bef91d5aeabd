"""The arguments of a method: compiled once from the hints of its body, read for every call."""

import inspect
import re
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType, ValidationError
from msgspec import inspect as kinds

from rpc.errors import Invalid
from rpc.limits import Upload, bounded, clean, flaw
from rpc.words import expected

_Convert = Callable[[Any, Any], Any]
_NATIVE = (bytes, date, datetime, UUID)  # text in JSON, themselves in Python
_from_python: _Convert = partial(msgspec.convert, builtin_types=_NATIVE)
_from_json: _Convert = partial(msgspec.convert, str_keys=True)

# What a form can only spell; the rest is text already, or is written in text as JSON writes it.
_SPELT = {kinds.IntType, kinds.FloatType, kinds.BoolType, kinds.NoneType, kinds.EnumType, kinds.LiteralType}
_PLACE = re.compile(r" - at `\$(.+)`$")
_UNKNOWN = "There is no such argument."
_FEW = 20  # unknown arguments that a refusal names


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument: `own` is the hint as its author wrote it, `hint` the same with bounds."""

    name: str
    own: Any
    hint: Any
    default: Any
    words: str
    leaves: frozenset[type]
    many: bool

    @classmethod
    def of(cls, parameter: inspect.Parameter, own: Any) -> "Parameter":
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise TypeError(f"{parameter}: every argument needs a name of its own")
        hint = bounded(own)
        kind = kinds.type_info(hint)
        if parameter.default not in (parameter.empty, UNSET):
            msgspec.to_builtins(parameter.default)  # TypeError when the default cannot be shown
        words, leaves = expected(kind), _leaves(kind)
        return cls(parameter.name, own, hint, parameter.default, words, leaves, _is_list(kind))

    @property
    def required(self) -> bool:
        return self.default is inspect.Parameter.empty

    def refusal(self, value: object, convert: _Convert) -> str:
        """Why this value is refused, as a sentence for a person; "" when it is not."""
        if why := flaw(value):
            return why
        try:
            convert(value, self.hint)
            convert(value, self.own)
        except ValidationError as error:
            if error.__cause__ is not None:  # raised by a class's own __post_init__
                return str(error.__cause__)
            place = _PLACE.search(str(error))
            return f"This must be {self.words}{f' (see {place[1]})' if place else ''}."
        return ""

    def read(self, values: Sequence[str | Upload]) -> object:
        """What the values of a form stand for; those that stand for nothing come back as they are."""
        found: Any = list(values) if self.many or len(values) != 1 else values[0]
        if any(isinstance(each, Upload) for each in values):
            return found
        if kinds.BoolType in self.leaves and found == "on":  # what a checkbox without a value sends
            return True
        try:
            return msgspec.convert(found, self.own, strict=not self.leaves <= _SPELT)
        except (ValidationError, UnicodeError):
            return found


class Signature:
    """What a method takes and what it answers.

    Every reader answers keyword arguments for the body, or raises Invalid with a sentence for each argument.
    """

    def __init__(self, body: Callable[..., Any]) -> None:
        """TypeError when the body is no fully annotated `async def` of types that can travel."""
        if not inspect.iscoroutinefunction(body):
            raise TypeError("a method is an async def")
        hints = typing.get_type_hints(body, include_extras=True)
        parameters = list(inspect.signature(body).parameters.values())
        if bare := [each for each in [*(each.name for each in parameters), "return"] if each not in hints]:
            raise TypeError(f"without annotation: {', '.join(bare)}")
        if not parameters:
            raise TypeError("the first argument is the caller")
        self.parameters = tuple(Parameter.of(each, hints[each.name]) for each in parameters[1:])
        self.result: Any = hints["return"]
        self._by_name = {each.name: each for each in self.parameters}
        self._bounded = self._struct(lambda each: each.hint)
        self._own = self._struct(lambda each: each.own)
        self._has_classes = any(kinds.StructType in each.leaves for each in self.parameters)
        try:
            msgspec.json.schema(self.result)
        except TypeError as error:  # so a row of a table can never be an answer
            raise TypeError(f"{self.result!r} cannot be described as an answer") from error

    def takes(self, name: str) -> bool:
        """Whether there is an argument of this name."""
        return name in self._by_name

    def _struct(self, hint: Callable[[Parameter], Any]) -> type[msgspec.Struct]:
        fields: list[Any] = [
            (each.name, hint(each)) if each.required else (each.name, hint(each) | UnsetType, UNSET)
            for each in self.parameters
        ]
        struct = msgspec.defstruct("Arguments", fields, kw_only=True)
        msgspec.json.Decoder(struct)  # msgspec looks at types when they are first used; let it be now
        return struct

    def from_json(self, params: Mapping[str, object]) -> dict[str, Any]:
        return self._read(dict(params), _from_json)

    def from_python(self, args: Sequence[object], kwargs: Mapping[str, object]) -> dict[str, Any]:
        """UNSET counts as left out. TypeError when a value is of no type that can travel."""
        given = dict(zip(self._by_name, args, strict=False))
        if len(given) < len(args) or not given.keys().isdisjoint(kwargs):
            raise TypeError(f"the arguments are {', '.join(self._by_name)}")
        given = {name: value for name, value in (given | dict(kwargs)).items() if value is not UNSET}
        return self._read(msgspec.to_builtins(given, builtin_types=_NATIVE), _from_python)

    def from_form(
        self,
        fields: Mapping[str, Sequence[str | Upload]],
        fixed: Mapping[str, object],
        ignored: Collection[str] = (),
    ) -> dict[str, Any]:
        """`fixed` are Python values that no field may replace. Fields named in `ignored` are left out."""
        fields = {name: values for name, values in fields.items() if name not in ignored}
        if replaced := fields.keys() & fixed.keys():
            raise Invalid(fields=dict.fromkeys(sorted(replaced), _UNKNOWN))
        given: dict[str, object] = {}
        for name, values in fields.items():
            parameter = self._by_name.get(name)
            filled = [each for each in values if _filled(each)]
            if parameter is None:
                given[name] = None
            elif filled or parameter.many:
                given[name] = parameter.read(filled)
        return self.from_python((), given | dict(fixed))

    def _read(self, given: dict[str, Any], convert: _Convert) -> dict[str, Any]:
        if not given.keys() <= self._by_name.keys() or any(map(flaw, given.values())):
            raise self._refusal(given, convert)
        try:
            arguments = convert(given, self._bounded)
            if self._has_classes:
                arguments = convert(given, self._own)
        except ValidationError:
            raise self._refusal(given, convert) from None
        return {name: found for name in self._by_name if (found := getattr(arguments, name)) is not UNSET}

    def _refusal(self, given: Mapping[str, Any], convert: _Convert) -> Invalid:
        unknown = [name for name in given if name not in self._by_name]
        fields = {_shown(name): _UNKNOWN for name in unknown[:_FEW]}
        for name, parameter in self._by_name.items():
            if name not in given:
                if parameter.required:
                    fields[name] = "This is missing."
            elif why := parameter.refusal(given[name], convert):
                fields[name] = why
        return Invalid(f"These arguments are not right: {', '.join(fields)}.", fields=fields)


def _shown(name: str) -> str:
    return name[:100] if clean(name) else repr(name[:100])


def _filled(value: str | Upload) -> bool:
    """An empty field stands for nothing, and so does a file field in which no file was chosen."""
    return bool(value.name or value.content) if isinstance(value, Upload) else value != ""


def _is_list(kind: kinds.Type) -> bool:
    match kind:
        case kinds.Metadata(type=inner):
            return _is_list(inner)
        case kinds.UnionType(types=types):
            return any(map(_is_list, types))
    return isinstance(kind, kinds.ListType | kinds.SetType | kinds.FrozenSetType | kinds.VarTupleType)


def _leaves(kind: kinds.Type) -> frozenset[type]:
    """The types inside lists, unions and objects."""
    parts: Collection[kinds.Type]
    match kind:
        case kinds.Metadata(type=inner):
            parts = (inner,)
        case kinds.UnionType(types=parts) | kinds.TupleType(item_types=parts):
            pass
        case kinds.DictType(key_type=key, value_type=value):
            parts = (key, value)
        case (
            kinds.ListType(item_type=item)
            | kinds.SetType(item_type=item)
            | kinds.FrozenSetType(item_type=item)
            | kinds.VarTupleType(item_type=item)
        ):
            parts = (item,)
        case _:
            return frozenset((type(kind),))
    return frozenset().union(*map(_leaves, parts))
