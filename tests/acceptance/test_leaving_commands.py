"""What an operator decides on the command line, as processes of their own."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from rpc import Kind
from seldesk.jobs.leaving import Leaving
from seldesk.methods.control import clean_ups, customers
from seldesk.methods.desk import branding
from tests.acceptance.fleet import do_all, nobody_else
from tests.acceptance.killable import place
from tests.acceptance.processes import run
from tests.world import World


async def said(world: World, *arguments: str, status: int = 0) -> str:
    """What one command prints, in one line however narrow its table."""
    given = {**place(world), "COLUMNS": "200"}
    ended = await asyncio.to_thread(partial(run, *arguments, given=given))
    assert ended.returncode == status, ended.stderr
    return " ".join((ended.stdout + ended.stderr).split())


async def state(world: World) -> str:
    return (await world.app.program(Kind.COMMAND)(customers.read, slug="acme")).state


@pytest.mark.long
async def test_erasing_at_once_and_the_reports_of_clean_ups(world: World) -> None:
    assert "finished" in await said(world, "cleanup", "list")
    asked = await said(world, "customer", "terminate", "acme", "--erase", "asked")
    # Within 30 days of the day on which it is run.
    days = datetime.strptime(asked.partition("erased on ")[2].split()[0], "%Y-%m-%d").replace(
        tzinfo=UTC
    ) - datetime.now(UTC)
    assert timedelta(days=27) < days < timedelta(days=30)
    assert "erasing was asked for" in await said(world, "cleanup", "preview")
    await said(world, "customer", "terminate", "acme", "--erase", "at once")
    assert await state(world) == "purging"
    assert "is being erased" in await said(world, "cleanup", "preview")
    refused = await said(world, "customer", "reactivate", "acme", status=1)
    assert "cannot be taken back" in refused
    await do_all(world)
    await world.app.program(Kind.JOB)(clean_ups.begin)
    await Leaving(world.app.program(Kind.JOB), world.app.job).clean_up(nobody_else)
    assert "2026-01-01 03:00" in await said(world, "cleanup", "list")


@pytest.mark.long
async def test_a_customer_is_suspended_terminated_previewed_and_taken_back(world: World) -> None:
    # What owners call themselves is no markup of the table that it stands in.
    await (await world.acme.signed_in("bo"))(branding.update, name="Acme [/b]")
    assert "Acme [/b]" in await said(world, "customer", "list")
    await said(world, "customer", "suspend", "acme", "Not paid since May.")
    assert await state(world) == "suspended"
    assert "its data is erased on" in await said(world, "customer", "terminate", "acme")
    shown = await said(world, "cleanup", "preview")
    assert "acme" in shown
    assert "terminated, and this is the next clean-up" in shown
    refused = await said(world, "customer", "suspend", "acme", "Again", status=1)
    assert "Only an active customer can be suspended." in refused
    await said(world, "customer", "reactivate", "acme")
    assert await state(world) == "suspended"
