"""A customer that is terminated in one process is closed in every other, with its open pages."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from rpc import Kind
from seldesk.app.serve import serve
from seldesk.errors import CustomerClosed
from seldesk.methods.admission import CustomerSuspended
from seldesk.methods.control import endings
from seldesk.methods.desk import tickets
from tests.faults import another, until
from tests.live import Tab
from tests.world import Desk, World


@pytest.fixture
async def elsewhere(world: World) -> AsyncIterator[Desk]:
    """Acme in another process, which hears what the control database tells."""
    async with another(world) as acme:
        listening = asyncio.create_task(serve(acme.app, ()))
        await until(lambda: connected(world), 10)
        yield acme
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def connected(world: World) -> bool:
    connection = await world.rows(world.acme, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    return connection != ["0"]


async def test_all_processes_hear_of_it_at_once(world: World, elsewhere: Desk) -> None:
    ann, operator = elsewhere.by_token("ann"), world.app.program(Kind.COMMAND)
    signed_in = await elsewhere.signed_in("ann")

    async def refused(error: type[Exception]) -> bool:
        try:
            await ann(tickets.open, subject="S", body="B", requester_email="cleo@cleo.example")
        except (CustomerSuspended, CustomerClosed) as told:
            return isinstance(told, error)
        return False

    async with Tab(elsewhere.app.web(), signed_in) as tab:
        await operator(endings.suspend, slug="acme", reason="Not paid.")
        await until(lambda: refused(CustomerSuspended), 5)
        await ann(tickets.list)
        await operator(endings.terminate, slug="acme")
        await until(lambda: refused(CustomerClosed), 5)
        async with asyncio.timeout(5):
            await tab.end()
    with pytest.raises(CustomerClosed):
        await signed_in(tickets.list)
