import enum
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import pytest
from msgspec import Meta

import rpc
from rpc import Kind
from rpc.testing import Answered, example_arguments, strangers
from tests.rpc.desk import METHODS, Condition, Desk, Somebody, apply, attach, reply, search, sign_in, update

ID = UUID("0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3")


class Level(enum.IntEnum):
    FIRST = 1


@rpc.public(None, kinds=(Kind.PERSON,))
async def everything(
    caller: Somebody,
    age: Annotated[int, Meta(ge=18, le=150)],
    debt: Annotated[int, Meta(lt=0)],
    share: Annotated[float, Meta(gt=0)],
    code: Annotated[str, Meta(min_length=4, max_length=4)],
    address: Annotated[str, Meta(pattern="@", examples=["ann@acme.example"])],
    key: Annotated[bytes, Meta(min_length=3)],
    ids: Annotated[list[UUID], Meta(min_length=2)],
    at: datetime,
    day: date,
    level: Level,
    view: Literal["mine", "all"],
    person: UUID | None,
    number: int | str,
    pair: tuple[int, bool],
    labels: dict[str, str],
    condition: Condition,
    nothing: None,
) -> None: ...


def test_every_kind_of_type_has_an_example() -> None:
    arguments = example_arguments(everything)
    assert everything.signature.from_json(arguments)["age"] == 18
    assert (arguments["address"], arguments["person"], len(arguments["ids"])) == ("ann@acme.example", None, 2)


@pytest.mark.parametrize("method", METHODS, ids=lambda each: each.name)
def test_every_method_has_examples(method: rpc.Method[..., object]) -> None:
    required = {each.name for each in method.signature.parameters if each.required}
    assert example_arguments(method).keys() == required


def test_known_values_are_used_where_an_argument_has_their_name() -> None:
    known = {"id": ID, "number": 7, "tags": ["vip"]}
    assert example_arguments(reply, **known) == {"number": 7, "body": "a"}
    assert example_arguments(update, **known) == {"id": str(ID), "tags": ["vip"]}
    assert example_arguments(attach, **known) == {"files": [], "number": 7}
    assert example_arguments(apply, **known) == {"steps": []}
    assert example_arguments(search)["conditions"] == []
    assert example_arguments(sign_in)["email"] == "a"


def test_an_argument_that_cannot_be_guessed_is_named() -> None:
    async def mail(caller: Somebody, address: Annotated[str, Meta(pattern="@")]) -> None: ...

    method = rpc.public(None, kinds=(Kind.PERSON,))(mail)
    with pytest.raises(ValueError, match=r"test_testing\.mail: .*address"):
        example_arguments(method)
    assert example_arguments(method, address="a@b.example") == {"address": "a@b.example"}


def credential(method: rpc.Method[..., object], kind: Kind) -> rpc.Credential:
    return rpc.Credential(kind=kind, place="acme")


async def test_strangers_try_every_method_as_every_kind() -> None:
    desk = Desk(caller=Somebody(Kind.PERSON))
    answers = await strangers(desk.dispatcher, METHODS, credential)
    assert {each.code for each in answers} == {"method_not_found"}
    tried = {(each.method, each.kind) for each in answers}
    open_to_all = {(each.name, kind) for each in METHODS for kind in each.kinds if each.permission is None}
    assert tried == {(each.name, kind) for each in METHODS for kind in Kind} - open_to_all


async def test_strangers_find_an_open_door() -> None:
    """What this helper is for: a caller that should have no rights is let in, and the answer says so."""
    desk = Desk(caller=Somebody(Kind.PERSON, frozenset({"reply"})))
    answers = await strangers(desk.dispatcher, METHODS, credential, number=7)
    let_in = [each for each in answers if each.code is None]
    assert let_in == [
        Answered("desk.reply", kind, None, {"number": 7, "body": "a", "at": None}) for kind in (Kind.PERSON, Kind.TOKEN)
    ]
