from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Page

from seldesk.surroundings import Brand, Customer, Side
from tests.web.stage import CUSTOMERS, REQUESTER_SESSION, Stage, answers, edge
from tests.web.story import NOW
from tests.web.theatre import Theatre, opened
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
def suspended() -> Iterator[str]:
    """Acme can be read only, and this is why."""
    before, reason = CUSTOMERS["acme"], "We move house until Friday."
    CUSTOMERS["acme"] = replace(before, state="suspended", suspended_for=reason, suspended_by="owner")
    yield reason
    CUSTOMERS["acme"] = before


@pytest.fixture
def beside() -> Iterator[Side]:
    """Acme is a copy on the side, made to be read."""
    before, at = CUSTOMERS["acme"], datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    side = Side(UUID(int=9), at, at + timedelta(days=6))
    CUSTOMERS["acme"] = replace(before, state="suspended", side=side)
    yield side
    CUSTOMERS["acme"] = before


@pytest.fixture
def closing() -> Iterator[Customer]:
    """Acme moves in ten minutes, for two at most, as its agents are told."""
    before = CUSTOMERS["acme"]
    CUSTOMERS["acme"] = replace(before, closes_at=NOW + timedelta(minutes=10), closes_for=95)
    yield CUSTOMERS["acme"]
    CUSTOMERS["acme"] = before


@pytest.fixture
def branded() -> Iterator[Brand]:
    """Acme has chosen a colour that is hard to read, and a logo; afterwards it has not."""
    before, brand = CUSTOMERS["acme"], Brand("#ffd500", LOGO, "image/png")
    CUSTOMERS["acme"] = replace(before, brand=brand)
    yield brand
    CUSTOMERS["acme"] = before


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncIterator[Theatre]:
    """One browser and one server for all tests of a module, which is most of what they cost."""
    async with opened() as one:
        yield one


@pytest.fixture
def theatre(house: Theatre) -> Theatre:
    """As if nothing had been played yet."""
    house.stage.answers = answers()
    house.stage.calls.clear()
    house.stage.refusing = ()
    house.troubles = []
    return house


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def windows(house: Theatre) -> AsyncIterator[dict[str, Page]]:
    """A window of Ann, who follows a ticket link as well, and one of a requester who is signed in."""
    options: Any = {"color_scheme": "light", "reduced_motion": "reduce"}
    async with house.context(**options) as desk, house.context(**options) as portal:
        await portal.add_cookies([{"name": "session", "value": REQUESTER_SESSION, "url": house.address("/")}])
        yield {"ann": await house.open(desk, "/nothing"), "omar": await house.open(portal, "/nothing")}
