"""Every method that takes an id, called with ids of others: answered like ids that do not exist.

A method whose argument names something new fails here until `cast` says what it could name.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
import pytest_asyncio
from msgspec import inspect as kinds

import rpc
from rpc.signature import Parameter
from rpc.testing import example_arguments
from seldesk.methods import PUBLIC
from seldesk.methods.desk import tickets
from tests.security.cast import Cast, cast
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
OUTSIDE = {rpc.Kind.PERSON, rpc.Kind.TOKEN, rpc.Kind.LINK}
MISSING = {"number": 999_999, "numbers": [999_999], "members": [uuid4()], "kept": [uuid4()]}
# What is named here narrows a list, tells of one's own change, or is one value among others: no such thing is said
# in other words, and still the same for what is others' and what does not exist.
SAID_OTHERWISE = {
    ("audits.page", "concerning"),
    ("drafts.keep", "seen"),
    ("sides.ask", "copy"),
    ("live.arrivals", "numbers"),
    ("tickets.note", "kept"),
    ("tickets.reply", "kept"),
    ("tickets.list", "team"),
    ("tickets.queue", "team"),
    ("views.save", "assignee"),
    ("views.save", "team"),
    ("tickets.list", "assignee"),
    ("tickets.open", "assignee"),
    ("tickets.open", "team"),
    ("tickets.queue", "assignee"),
    ("tickets.queue", "bulk"),
    ("tickets.reply", "seen"),
    ("tickets.update", "assignee"),
    ("tickets.update", "team"),
    ("tickets.update_many", "assignee"),
    ("tickets.update_many", "numbers"),
    ("teams.update", "members"),
}
HIDDEN = {"not_found", "method_not_found", "forbidden"}


def names_something(parameter: Parameter) -> bool:
    return parameter.name in ("number", "numbers") or kinds.UUIDType in parameter.leaves


TRIED = [
    (method, each.name)
    for method in PUBLIC
    if method.kinds & OUTSIDE
    for each in method.signature.parameters
    if names_something(each)
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everybody(world: World) -> Cast:
    return await cast(world)


def curious(all: Cast) -> Iterator[tuple[rpc.Call, dict[str, Any], dict[str, Any]]]:
    """Who calls, what is theirs, and what is not."""
    for requester in (all.cleo, all.by_link):
        yield requester, all.hers, all.his
        yield requester, all.hers, {"message": all.noted["message"], "attachment": all.noted["attachment"]}
    for agent in (all.iris, all.iris_token):
        yield agent, all.hers, {name: all.his[name] for name in all.his.keys() - {"assignee", "team", "reply"}}
    yield all.ann, all.hers, {"session": all.his["session"]}
    yield all.bo, all.hers, {"bulk": all.his["bulk"]}
    for owner in all.next_door:
        yield owner, {}, all.his


async def answer(world: World, call: rpc.Call, method: rpc.Method[..., Any], arguments: dict[str, Any]) -> object:
    """What is said, without ids and numbers that were only repeated."""
    try:
        said = await world.app.dispatcher.answer(call.credential, method.name, arguments)
    except rpc.Error as error:
        return error.code, error.status, str(error), str(error.data)
    text = msgspec.json.encode(said).decode()
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", re.sub(r'"number":\d+', '"number":0', text))


@pytest.mark.flaw("Zammad CVE-2024-33668", "Zammad CVE-2026-34722", "FreeScout CVE-2026-40591", "Zulip CVE-2025-30369")
@pytest.mark.flaw("MantisBT CVE-2020-25781")
@pytest.mark.asvs("V8.2.2", "V8.4.1")
async def test_what_belongs_to_others_is_answered_like_what_does_not_exist(world: World, everybody: Cast) -> None:
    before = await everybody.ann(tickets.read, number=everybody.his["number"], messages=True)
    unnamed = {name for _, name in TRIED} - everybody.his.keys()
    assert unnamed == set(), "tests/security/cast.py does not say what these could name"
    tried = 0
    for call, own, foreign in curious(everybody):
        for method, name in TRIED:
            if call.credential.kind not in method.kinds or name not in foreign:
                continue
            arguments = example_arguments(method, **{**everybody.his, **own})
            at = (call.credential.place, str(call.credential.kind), method.name, name)
            theirs, missing = msgspec.to_builtins(foreign[name]), MISSING.get(name, uuid4())
            said = await answer(world, call, method, arguments | {name: theirs})
            assert said == await answer(world, call, method, arguments | {name: msgspec.to_builtins(missing)}), at
            if (method.name, name) not in SAID_OTHERWISE:
                assert isinstance(said, tuple), at
                assert said[0] in HIDDEN, at
            tried += 1
    assert tried > 100
    assert await everybody.ann(tickets.read, number=everybody.his["number"], messages=True) == before


@pytest.mark.flaw("Zammad CVE-2024-33668")
async def test_files_come_with_their_message_and_are_never_named(everybody: Cast) -> None:
    """No id of an upload can be guessed where there is none; ids of what is kept are random."""
    assert not [name for _, name in TRIED if re.search("upload|file|form", name)]
    assert isinstance(everybody.his["attachment"], UUID)
    assert everybody.his["attachment"].version == 7
