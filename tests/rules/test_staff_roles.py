"""The table of staff's roles and methods: reviewed as a text, and tried call by call."""

import os
from pathlib import Path

import pytest

import rpc
from orm import StatementCounter
from rpc import Credential, Kind
from rpc.testing import example_arguments
from seldesk.methods import PUBLIC
from seldesk.methods.console import staff_self
from seldesk.permissions import MACHINES, ROLES, STAFF, STAFF_ROLES
from tests.staff import hired
from tests.world import World

SNAPSHOT = Path(__file__).with_name("staff_roles.txt")
METHODS = [method for method in PUBLIC if rpc.Kind.STAFF in method.kinds]


def table() -> str:
    lines = [f"{'':<30}{''.join(f'{role:<12}' for role in STAFF_ROLES)}".rstrip()]
    for method in sorted(METHODS, key=lambda one: one.name):
        cells = "".join(f"{'yes' if method.permission in may else '-':<12}" for may in STAFF_ROLES.values())
        lines.append(f"{method.name:<30}{cells}".rstrip())
    return "\n".join(lines) + "\n"


def test_the_table_is_the_reviewed_one() -> None:
    """After a review: SELDESK_SNAPSHOT=write scripts/test tests/rules."""
    if os.environ.get("SELDESK_SNAPSHOT") == "write":
        SNAPSHOT.write_text(table())
    assert table() == SNAPSHOT.read_text()


def test_what_staff_may_is_nothing_that_customers_people_or_programs_may() -> None:
    assert not STAFF & frozenset().union(*ROLES.values(), *MACHINES.values())
    assert all(method.permission in STAFF for method in METHODS)


@pytest.mark.asvs("V8.2.1")
@pytest.mark.parametrize("role", STAFF_ROLES)
async def test_a_role_may_call_what_the_table_says_and_nothing_else(world: World, role: str) -> None:
    mara = await hired(world, role)  # type: ignore[arg-type]  # one of them, as it comes from the table
    # Last, for it ends the session that all others are called with.
    for method in sorted(METHODS, key=lambda one: one is staff_self.sign_out):
        refused = False
        try:
            await world.app.dispatcher.answer(mara.call.credential, method.name, example_arguments(method))
        except rpc.MethodNotFound:
            pytest.fail(f"{method.name} is told to be unknown")
        except rpc.Internal:
            raise
        except rpc.Forbidden:
            refused = True
        except rpc.Error:
            pass
        assert refused == (method.permission not in STAFF_ROLES[role]), method.name


@pytest.mark.asvs("V8.4.1")
async def test_nothing_of_the_operator_answers_at_a_customers_door(world: World) -> None:
    """Whatever is shown there, and at no cost."""
    mara = await hired(world, "support", "operations", "security", "billing")
    control = [method for method in PUBLIC if method.realm == "control"]
    with StatementCounter() as counter:
        for method in control:
            for kind in method.kinds:
                at_acme = Credential(kind=kind, place="acme", secret=mara.token)
                with pytest.raises(rpc.MethodNotFound):
                    await world.app.dispatcher.answer(at_acme, method.name, example_arguments(method))
        staff_there = Credential(kind=Kind.STAFF, place="acme", secret=mara.token)
        with pytest.raises(rpc.MethodNotFound):
            await world.app.dispatcher.answer(staff_there, "rpc.discover", {})
    assert counter.count == 0
