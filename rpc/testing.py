"""For the tests of a product: every method, called by those who may not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect

from rpc.caller import Credential, Kind
from rpc.dispatcher import Dispatcher
from rpc.errors import Error
from rpc.method import Method


@dataclass(frozen=True, slots=True)
class Answered:
    """What a stranger was answered: the code of an error, or None and the result when it went through."""

    method: str
    kind: Kind
    code: str | None
    result: Any = None


async def strangers(
    dispatcher: Dispatcher,
    methods: Iterable[Method[..., Any]],
    stranger: Callable[[Method[..., Any], Kind], Credential],
    **known: object,
) -> list[Answered]:
    """Call every method as all kinds of callers that it does not name, and without rights as those it names.

    `stranger` answers a credential of that kind whose caller has no permission at all. A method that wants no
    permission is not called as a kind that it names. `known` are arguments as in example_arguments.
    """
    answers: list[Answered] = []
    for method in methods:
        arguments = example_arguments(method, **known)
        for kind in Kind:
            if kind in method.kinds and method.permission is None:
                continue
            try:
                result = await dispatcher.answer(stranger(method, kind), method.name, arguments)
            except Error as error:
                answers.append(Answered(method.name, kind, error.code))
            else:
                answers.append(Answered(method.name, kind, None, result))
    return answers


def example_arguments(method: Method[..., Any], **known: object) -> dict[str, Any]:
    """The fewest arguments that the method accepts, in JSON's values, with those of `known` that it takes.

    ValueError names an argument that cannot be guessed: give it by name, or its type Meta(examples=[...]).
    """
    arguments: dict[str, Any] = {}
    for each in method.signature.parameters:
        if each.name in known:
            arguments[each.name] = msgspec.to_builtins(known[each.name])
        elif each.required:
            arguments[each.name] = _example(inspect.type_info(each.hint))
    try:
        method.signature.from_json(arguments)
    except Error as error:
        raise ValueError(f"{method.name}: {error} {error.data}") from error
    return arguments


def _example(kind: inspect.Type) -> Any:
    match kind:
        case inspect.Metadata(type=inner, extra_json_schema=schema):
            examples = (schema or {}).get("examples")
            return examples[0] if examples else _example(inner)
        case inspect.IntType(ge=least, gt=above, le=most, lt=below):
            low = least if least is not None else -(2**63) if above is None else above + 1
            high = most if most is not None else 2**63 - 1 if below is None else below - 1
            return min(max(1, low), high)
        case inspect.FloatType(ge=least, gt=above):
            return least if least is not None else 0.0 if above is None else above + 1
        case inspect.BoolType():
            return False
        case inspect.StrType(min_length=least):
            return "a" * (least or 0)
        case inspect.BytesType(min_length=least):
            return msgspec.to_builtins(b"a" * (least or 0))
        case inspect.UUIDType():
            return "00000000-0000-7000-8000-000000000000"
        case inspect.DateTimeType():
            return "2026-01-01T00:00:00Z"
        case inspect.DateType():
            return "2026-01-01"
        case inspect.EnumType(cls=cls):
            return msgspec.to_builtins(next(iter(cls)))
        case inspect.LiteralType(values=values):
            return values[0]
    return _example_of_many(kind)


def _example_of_many(kind: inspect.Type) -> Any:
    match kind:
        case inspect.UnionType(types=types):
            return None if inspect.NoneType() in types else _example(types[0])
        case inspect.TupleType(item_types=items):
            return [_example(item) for item in items]
        case inspect.DictType():
            return {}
        case inspect.StructType(fields=fields, tag=tag, tag_field=tag_field):
            given = {each.encode_name: _example(each.type) for each in fields if each.required}
            return given | ({tag_field: tag} if tag_field else {})
        case inspect.NoneType():
            return None
    item, least = getattr(kind, "item_type", None), getattr(kind, "min_length", None)
    return [] if item is None else [_example(item)] * (least or 0)
