import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from orm.testing import Server
from seldesk import logs
from seldesk.app import installation
from tests.world import World, settings
from tests.world import world as made


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A PostgreSQL with the control database and the templates, and the state folder that belongs to it."""
    home = tmp_path_factory.mktemp("seldesk")
    with Server() as server:
        asyncio.run(installation.prepare(settings(home), server.superuser))
        yield server, home


@pytest.fixture
async def world(cluster: tuple[Server, Path]) -> AsyncIterator[World]:
    """Acme, with nothing in it but Ann and Bo; the clock stands at a Monday morning."""
    async with made(*cluster) as one:
        yield one


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """For what sets up the log, which all tests of a process share."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.OURS}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()
