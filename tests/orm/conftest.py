import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from orm.address import Address
from orm.testing import Cluster, Server
from tests.orm.revisions import CONTROL, DESK


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
async def address(server: Server) -> AsyncIterator[Address]:
    """A fresh, empty database and its owner."""
    fresh = await server.database()
    yield fresh
    await server.drop(fresh)


@pytest.fixture(scope="session")
def cluster(server: Server) -> Cluster:
    """The server with roles, templates and control database."""
    return asyncio.run(server.prepare(DESK, CONTROL))
