from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

import rpc
from rpc import Kind
from tests.rpc import desk
from tests.rpc.desk import ANN, Desk, Somebody

ANYBODY = rpc.public(None, kinds=(Kind.PERSON,))


async def test_a_method_cannot_be_called_directly() -> None:
    with pytest.raises(TypeError, match="not callable"):
        await desk.reply(ANN, 7, "Hello")  # type: ignore[operator]  # the type checker refuses it as well


async def test_a_call_is_typed() -> None:
    call = Desk().call
    answer: desk.Reply = await call(desk.reply, number=7, body="Hello")
    assert answer == desk.Reply(7, "Hello")
    with pytest.raises(rpc.Invalid):
        await call(desk.reply, number="7", body="Hello")  # type: ignore[arg-type]
    with pytest.raises(rpc.Invalid):
        await call(desk.reply, number=7)  # type: ignore[call-arg]


def test_a_method_is_named_after_its_module_and_function() -> None:
    assert desk.reply.name == "desk.reply"
    assert desk.reply.kinds == {Kind.PERSON, Kind.TOKEN}
    assert (desk.sweep.realm, desk.sweep.reads, desk.search.reads) == ("control", False, True)
    assert desk.reply.description == "Answer the requester."


def test_a_name_may_stand_in_the_list_once() -> None:
    with pytest.raises(ValueError, match=r"listed twice: desk\.reply"):
        Desk(methods=[desk.reply, desk.sweep, desk.reply])


def test_names_of_the_library_are_reserved() -> None:
    async def ping(caller: Somebody) -> None: ...

    ping.__module__ = "elsewhere.rpc"
    with pytest.raises(ValueError, match=r"reserved: rpc\.ping"):
        Desk(methods=[ANYBODY(ping)])


def test_a_method_without_a_kind_of_caller_is_refused() -> None:
    async def lonely(caller: Somebody) -> None: ...

    with pytest.raises(TypeError, match="no kind of caller"):
        rpc.public(None, kinds=())(lonely)


@dataclass(frozen=True)
class Tree:
    branches: list["Tree"]


class Row:
    """What a table would give."""


async def unannotated(caller: Somebody, number) -> None: ...  # type: ignore[no-untyped-def]
async def answers_nothing_known(caller: Somebody): ...  # type: ignore[no-untyped-def]
async def nobody() -> None: ...
async def starred(caller: Somebody, *numbers: int) -> None: ...
async def keywords(caller: Somebody, **numbers: int) -> None: ...
async def positional(caller: Somebody, number: int, /) -> None: ...
async def anything(caller: Somebody, value: Any) -> None: ...
async def nested_anything(caller: Somebody, value: dict[str, object]) -> None: ...
async def bare(caller: Somebody, values: list) -> None: ...  # type: ignore[type-arg]
async def money(caller: Somebody, amount: Decimal) -> None: ...
async def row(caller: Somebody, row: Row) -> None: ...
async def recursive(caller: Somebody, tree: Tree) -> None: ...
async def two_classes(caller: Somebody, value: desk.Condition | desk.Reply) -> None: ...
async def odd_default(caller: Somebody, number: int = object()) -> None: ...  # type: ignore[assignment]
async def answers_a_row(caller: Somebody) -> list[Row]: ...  # type: ignore[empty-body]
async def nowhere(caller: Somebody, value: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821
def not_async(caller: Somebody) -> None: ...
async def generator(caller: Somebody) -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (unannotated, "without annotation: number"),
        (answers_nothing_known, "without annotation: return"),
        (nobody, "the first argument is the caller"),
        (starred, "needs a name of its own"),
        (keywords, "needs a name of its own"),
        (positional, "needs a name of its own"),
        (anything, "Any cannot be the type of an argument"),
        (nested_anything, "object.* cannot be the type of an argument"),
        (bare, "list.* cannot be the type of an argument"),
        (money, "Decimal.* cannot be the type of an argument"),
        (row, "Row.* cannot be the type of an argument"),
        (recursive, "holds itself"),
        (two_classes, "must be tagged"),
        (odd_default, "object"),
        (answers_a_row, "Row.* cannot be described as an answer"),
        (nowhere, "Nowhere"),
        (not_async, "a method is an async def"),
        (generator, "a method is an async def"),
    ],
)
@pytest.mark.asvs("V15.3.1")
def test_a_signature_that_cannot_travel_is_refused_at_once(body: Any, message: str) -> None:
    with pytest.raises(TypeError, match=rf"^test_method\.{body.__name__}: .*{message}"):
        ANYBODY(body)
