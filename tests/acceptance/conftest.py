from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from orm.testing import Server
from tests.acceptance.brake import brake
from tests.acceptance.fleet import Far, far
from tests.world import World


@pytest.fixture
async def control(world: World) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's hand in the control database, with a brake to put on."""
    async with brake(world) as connection:
        yield connection


@pytest.fixture(scope="module")
def another_server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
async def other(world: World, another_server: Server) -> AsyncIterator[Far]:
    """A second cluster."""
    async with far(world, another_server) as one:
        yield one
