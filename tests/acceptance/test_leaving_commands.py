"""What an operator decides on the command line, as processes of their own."""

import asyncio
from functools import partial

import pytest

from rpc import Kind
from seldesk.methods.control import customers
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
async def test_a_customer_is_suspended_terminated_previewed_and_taken_back(world: World) -> None:
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
