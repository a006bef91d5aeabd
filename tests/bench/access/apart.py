"""An installation for one of these measurements alone."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from orm.testing import Server
from seldesk.app import installation
from tests.world import World, settings, world


@asynccontextmanager
async def apart() -> AsyncIterator[World]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Server() as server:
        home = Path(folder)
        await installation.prepare(settings(home), server.superuser)
        async with world(server, home) as made:
            yield made
