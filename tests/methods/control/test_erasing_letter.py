"""Who has all of it erased at once is told so by the operator's own mail, and then nobody knows the address."""

from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from rpc import Kind
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.relay import Letter, Refusal, Refused
from seldesk.methods.control import customers, endings
from seldesk.surroundings import OPERATOR
from tests.acceptance.fleet import do_all
from tests.faults import superuser
from tests.world import World

OWNER = "bo@initech.example"


@pytest.fixture
async def initech(world: World) -> str:
    """Was made with a primary address."""
    create = world.app.program(Kind.COMMAND)
    await create(customers.create, slug="initech", name="Initech Help", primary_name="Bo Berg", primary_email=OWNER)
    await do_all(world)
    return "initech"


async def known(world: World) -> list[str]:
    """The tables of the control database in which the address stands."""
    found = []
    async with superuser(world.server, "seldesk_control") as connection:
        for (table,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'control'"):
            if await connection.fetchval(f"SELECT true FROM control.{table} t WHERE t::text LIKE '%{OWNER}%' LIMIT 1"):  # noqa: S608 - ours
                found.append(table)
    return found


async def test_the_primary_address_is_told_and_then_forgotten(world: World, initech: str) -> None:
    await world.app.program(Kind.COMMAND)(endings.terminate, slug=initech, erasing="at once")
    await do_all(world)
    assert await known(world) == ["outbox"]
    await Outboxes(world.app.program(Kind.JOB), world.app.job, world.relay).drain(OPERATOR.id)
    (sent,) = [one for one in world.relay.sent if one.recipients == [OWNER]]
    letter = message_from_bytes(sent.raw, policy=default)
    body = letter.get_body(("plain",))
    assert body is not None
    assert letter["Subject"] == "initech.localhost is being erased"
    assert sent.sender == ""
    assert "cannot be taken back" in body.get_content()
    assert "Initech Help" not in sent.raw.decode()
    assert await known(world) == []


class Away:
    """A relay that takes nothing."""

    async def send(self, letter: Letter) -> Sequence[Refusal]:
        raise Refused("Come again later.", permanent=False)


async def test_a_letter_that_cannot_be_sent_for_a_day_is_forgotten_too(world: World, initech: str) -> None:
    await world.app.program(Kind.COMMAND)(endings.terminate, slug=initech, erasing="at once")
    await do_all(world)
    await Outboxes(world.app.program(Kind.JOB), world.app.job, Away()).drain(OPERATOR.id)
    assert await known(world) == ["outbox"]
    world.clock.move(timedelta(hours=25))
    await Outboxes(world.app.program(Kind.JOB), world.app.job, Away()).drain(OPERATOR.id)
    assert await known(world) == []


async def test_who_leaves_at_a_clean_up_is_not_told_by_the_operator(world: World, initech: str) -> None:
    await world.app.program(Kind.COMMAND)(endings.terminate, slug=initech)
    await Outboxes(world.app.program(Kind.JOB), world.app.job, world.relay).drain(OPERATOR.id)
    assert world.relay.sent == []
