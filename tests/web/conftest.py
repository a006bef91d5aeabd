from collections.abc import AsyncIterator

import pytest

from tests.web.stage import REQUESTER_SESSION, Stage, answers, edge
from tests.web.visitor import Visitor


@pytest.fixture
def stage() -> Stage:
    return Stage(answers=answers())


@pytest.fixture
async def ann(stage: Stage) -> AsyncIterator[Visitor]:
    """Signed in at Acme's desk; the same browser has followed a ticket link as well."""
    async with Visitor(edge(stage)) as visitor:
        yield visitor


@pytest.fixture
async def stranger(stage: Stage) -> AsyncIterator[Visitor]:
    async with Visitor(edge(stage), known=False) as visitor:
        yield visitor


@pytest.fixture
async def omar(stage: Stage) -> AsyncIterator[Visitor]:
    """A requester, signed in to the portal."""
    async with Visitor(edge(stage), known=False) as visitor:
        visitor.cookies.set("session", REQUESTER_SESSION)
        yield visitor
