"""What staff may call in a person's name: reviewed as a text, and every other method tried."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind
from rpc.testing import example_arguments
from seldesk.methods import PUBLIC
from seldesk.methods.under_access import TO_READ, TO_WRITE, NotUnderAccess
from seldesk.web.settings.staff_access import CALLS
from tests.access import BO, Inside, inside
from tests.rules.test_public_surface import given_a_ticket
from tests.world import World

SNAPSHOT = Path(__file__).with_name("staff_access.txt")
PERSONS = [method for method in PUBLIC if Kind.PERSON in method.kinds]
# What an allowed method would be called if it were one of these is a mistake, whatever its reason.
NEVER = ("password", "token", "session", "export", "backup", "audit", "turn_", "erase", "terminate", "many", "privacy")

PEOPLE = "SELECT p::text FROM app.people p ORDER BY id"


def table() -> str:
    named = {method.name: "to read" for method in PERSONS if method.name in TO_READ}
    named |= {method.name: "to write" for method in PERSONS if method.name in TO_WRITE}
    return "".join(f"{name:<30}{scope}\n" for name, scope in sorted(named.items()))


def test_what_is_allowed_is_the_reviewed_list() -> None:
    """After a review: SELDESK_SNAPSHOT=write scripts/test tests/rules."""
    if os.environ.get("SELDESK_SNAPSHOT") == "write":
        SNAPSHOT.write_text(table())
    assert table() == SNAPSHOT.read_text()
    assert {method.name for method in PERSONS} >= TO_READ | TO_WRITE
    assert not TO_READ & TO_WRITE
    assert [name for name in TO_READ | TO_WRITE if any(word in name for word in NEVER)] == []
    assert set(CALLS) == TO_READ | TO_WRITE


def test_what_is_allowed_to_read_reads() -> None:
    """But for the page of a ticket, which marks nothing then, and the way out."""
    writes = {method.name for method in PERSONS if method.name in TO_READ and not method.reads}
    assert writes == {"tickets.page", "staff_access.stop"}


async def refusals(her: Inside, arguments: dict[str, Any], but: Collection[str]) -> list[str]:
    """What was refused as not for staff, of all methods but these."""
    found = []
    for method in PERSONS:
        if method.name in {*but, "staff_access.stop"}:
            continue
        try:
            await her.world.app.dispatcher.answer(
                her.call.credential, method.name, example_arguments(method, **arguments)
            )
        except NotUnderAccess:
            found.append(method.name)
        except (rpc.NotFound, rpc.MethodNotFound, rpc.Invalid, rpc.Conflict, rpc.Forbidden):
            pass
    return found


@pytest.mark.asvs("V8.2.1")
async def test_7_every_other_method_is_refused_at_the_dispatcher(world: World) -> None:
    """In the name of an owner, who may call all of them, with a scope that may write. No body runs: of the customer's
    database nothing is touched but the audit.
    """
    her = await inside(world, subject=BO, scope="write")
    with StatementCounter() as counter:
        refused = await refusals(her, {}, TO_READ | TO_WRITE)
    assert set(refused) == {method.name for method in PERSONS} - TO_READ - TO_WRITE
    assert len(refused) > 60
    touched = [one for one in counter.statements if not one.lower().startswith("select")]
    assert [one for one in touched if "audit" not in one and "control." not in one] == []


async def test_8_all_that_may_be_read_can_be_read_by_a_role_that_only_reads(world: World) -> None:
    known = await given_a_ticket(world.acme)
    her = await inside(world, subject=BO)
    refused = await refusals(her, known, ())
    assert set(refused) == {method.name for method in PERSONS} - TO_READ


async def test_7_nothing_that_may_be_written_makes_people_or_changes_them(world: World) -> None:
    """Whatever is written, for whomever it is asked: in the name of an owner, and of an agent, who answers by mail."""
    known = await given_a_ticket(world.acme)
    known |= {"requester_email": "new@new.example", "to": ["new@new.example"], "cc": ["newer@new.example"]}
    her = await inside(world, subject=BO, scope="write")
    before = await world.rows(world.acme, PEOPLE)
    with StatementCounter() as counter:
        await refusals(her, known, {method.name for method in PERSONS} - TO_WRITE)
    assert any("insert into app.messages" in one.lower() for one in counter.statements), "they were called"
    assert await world.rows(world.acme, PEOPLE) == before
