"""The table of roles and methods: reviewed as a text, and tried call by call, for roles that owners make as well."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import rpc
from rpc import Credential, Kind
from rpc.testing import example_arguments
from seldesk.caller import Caller
from seldesk.methods import PUBLIC
from seldesk.methods.desk import members, roles
from seldesk.methods.desk.tokens import OF_SESSIONS
from seldesk.permissions import GRANTABLE, MACHINES, OWNER, ROLES, STAFF, held
from tests.methods.desk.test_roles import hired
from tests.world import World

SNAPSHOT = Path(__file__).with_name("roles.txt")
GRANTS = [permission for group in GRANTABLE.values() for permission in group]
# What a role of the owners' own may that holds this one permission, or none.
OWN: Mapping[str, frozenset[str]] = {"": held("agent", []), **{one: held("agent", [one]) for one in GRANTS}}
PEOPLE = (Kind.PERSON, Kind.TOKEN)
METHODS = sorted(
    (method for method in PUBLIC if method.kinds & set(PEOPLE) and method.permission), key=lambda one: one.name
)


def table() -> str:
    """For each method who may call it: the roles that are built in, and the permission that a role needs."""
    lines = [f"{'':<28}{'requester':<11}{'agent':<7}{'owner':<7}a role needs"]
    for method in METHODS:
        requester, agent, owner = (
            "yes" if method.permission in ROLES[role] else "-" for role in ("requester", "agent", "owner")
        )
        needs = method.permission if method.permission in GRANTS else "nothing" if method.permission in OWN[""] else "-"
        lines.append(f"{method.name:<28}{requester:<11}{agent:<7}{owner:<7}{needs}")
    return "\n".join(lines) + "\n"


@pytest.mark.asvs("V8.1.1")
def test_the_table_is_the_reviewed_one() -> None:
    """After a review: SELDESK_SNAPSHOT=write scripts/test tests/rules."""
    if os.environ.get("SELDESK_SNAPSHOT") == "write":
        SNAPSHOT.write_text(table())
    assert table() == SNAPSHOT.read_text()


def test_what_owners_alone_may_stands_in_no_role() -> None:
    assert OWNER - frozenset(GRANTS) - OWN[""] == {"settings"}
    assert not set(GRANTS) & (STAFF | frozenset[str]().union(*MACHINES.values()) | ROLES["requester"])
    # Whoever sees some tickets only changes nothing that concerns all.
    assert held("limited", GRANTS) == OWN[""] | set(GRANTABLE["tickets"])
    for kind in ("owner", "requester"):
        assert held(kind, GRANTS) == ROLES[kind]


def test_a_token_is_offered_what_tokens_can_use() -> None:
    assert {one.permission for one in PUBLIC if Kind.TOKEN in one.kinds} - {None} == OWNER - OF_SESSIONS


@dataclass
class Door:
    """All methods behind the real dispatcher, with a caller who is known, and bodies that only say that they ran."""

    caller: Caller

    @asynccontextmanager
    async def transaction(self, method: rpc.Method[..., Any], credential: Credential) -> AsyncIterator[None]:
        yield

    async def identify(self, method: rpc.Method[..., Any], credential: Credential) -> Caller:
        return self.caller

    async def reached(self, caller: Caller, **arguments: object) -> None:
        """The body of every method."""

    def dispatcher(self) -> rpc.Dispatcher:
        bare = [replace(method, body=self.reached) for method in PUBLIC]
        return rpc.Dispatcher(bare, transaction=self.transaction, identify=self.identify, translate=lambda _: None)


@pytest.mark.asvs("V8.1.1", "V8.2.1")
@pytest.mark.parametrize("kind", PEOPLE)
async def test_what_is_reached_is_what_the_table_says(kind: Kind) -> None:
    """Every method, as every role that is built in, and as roles with one permission each: the default is no."""
    callers = {
        **{role: Caller(kind=kind, role=role, permissions=ROLES[role]) for role in ROLES},
        **{f"with {one}": Caller(kind=kind, role="agent", permissions=may) for one, may in OWN.items()},
        "nobody": Caller(kind=kind),
    }
    tried = 0
    for name, caller in callers.items():
        dispatcher = Door(caller).dispatcher()
        for method in PUBLIC:
            allowed = kind in method.kinds and (method.permission is None or method.permission in caller.permissions)
            try:
                await dispatcher.answer(Credential(kind=kind), method.name, example_arguments(method))
                reached = True
            except (rpc.Forbidden, rpc.MethodNotFound):
                reached = False
            assert reached == allowed, (name, method.name)
            tried += 1
    assert tried > 3000


@pytest.mark.asvs("V8.2.1")
async def test_whoever_signs_in_is_given_what_their_role_holds(world: World) -> None:
    """From the row in the database to what may be called: Iris in one role after the other, as the program tells."""
    bo = await world.acme.signed_in("bo")
    role = await bo(roles.create, name="One after the other")
    iris = await hired(world, role)
    person = next(one.id for one in (await bo(members.list)).items if one.name == "Iris")
    for one, may in OWN.items():
        await bo(roles.update, role=role, name="One after the other", reach="all", permissions=[one] if one else [])
        assert await _told(world, iris) == _expected(may), one
    for built_in in ("agent", "limited", "owner"):
        await bo(members.update, person=person, role=built_in)
        assert await _told(world, iris) == _expected(ROLES[built_in]), built_in


async def _told(world: World, call: rpc.Call) -> set[str]:
    told = await world.app.dispatcher.answer(call.credential, "rpc.discover", {})
    return {method["name"] for method in told["methods"]}


def _expected(may: frozenset[str]) -> set[str]:
    return {one.name for one in PUBLIC if Kind.PERSON in one.kinds and (not one.permission or one.permission in may)}
