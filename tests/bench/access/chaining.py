"""Rows that are attached to a chain, beside the same rows that are only inserted: 16 writers at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import count
from time import perf_counter
from typing import Any

import orm
from seldesk.models.desk.audit import AuditEntry
from tests.bench.arithmetic import Ratio, ratio
from tests.bench.place import Customer, Place

WRITERS = 16
WARMING = 0.5  # seconds
# Far above what a chain comes to while this runs.
_free = count(1_000_000_000)
Write = Callable[[], Awaitable[object]]


async def chaining(made: Place, customer: Customer, *, rounds: int, seconds: float) -> Ratio:
    """Rows a second, round by round, first the one and then the other."""
    async with made.application() as app:
        address = app.cluster.address(customer.database, customer.database)
    tenants = orm.Tenants(lambda _: address, cursor_key=b"bench", ceiling=WRITERS, per_tenant=WRITERS)
    try:
        for write in (_chained, _unchained):
            await _rate(tenants, write, WARMING)
        chained, unchained = [], []
        for at in range(rounds):
            # Whoever comes first in a round finds another machine than who comes second.
            order = (_chained, _unchained) if at % 2 else (_unchained, _chained)
            rates = {write: await _rate(tenants, write, seconds) for write in order}
            chained.append(rates[_chained])
            unchained.append(rates[_unchained])
        return ratio(chained, unchained)
    finally:
        await tenants.close()


async def _rate(tenants: orm.Tenants, write: Write, seconds: float) -> float:
    begin = perf_counter()
    written = await asyncio.gather(*(_writer(tenants, write, begin + seconds) for _ in range(WRITERS)))
    return sum(written) / (perf_counter() - begin)


async def _writer(tenants: orm.Tenants, write: Write, until: float) -> int:
    number = 0
    while perf_counter() < until:
        async with tenants.transaction("acme"):
            await write()
        number += 1
    return number


async def _chained() -> None:
    await AuditEntry(**_entry()).attach()


async def _unchained() -> None:
    AuditEntry.add(**_entry(), number=next(_free), hash=bytes(32))
    await orm.flush()


def _entry() -> dict[str, Any]:
    return {
        "happened_at": datetime.now(UTC),
        "kind": "sign-in",
        "method": "people.sign_in",
        "outcome": "done",
        "actor_kind": "person",
        "actor_id": None,
        "on_behalf_by": None,
        "person_id": None,
        "objects": {},
        "request_id": "bench",
        "commitment": bytes(32),
    }
