from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from orm.testing import Server
from tests.world import World
from tests.world import world as made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(cluster: tuple[Server, Path]) -> AsyncIterator[World]:
    """One Acme for all tests of a file: none of them may need it untouched."""
    async with made(*cluster) as one:
        yield one
