from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from seldesk.surroundings import Brand
from tests.web.stage import CUSTOMERS, REQUESTER_SESSION, Stage, answers, edge
from tests.web.visitor import Visitor

LOGO = UUID(int=7)


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


@pytest.fixture
def branded() -> Iterator[Brand]:
    """Acme has chosen a colour that is hard to read, and a logo; afterwards it has not."""
    before, brand = CUSTOMERS["acme"], Brand("#ffd500", LOGO, "image/png")
    CUSTOMERS["acme"] = replace(before, brand=brand)
    yield brand
    CUSTOMERS["acme"] = before
