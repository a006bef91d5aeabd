"""A thousand calls of staff in a person's name: what is written down of each, and what leaves where it cannot be."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import rpc
from seldesk.app.build import opened
from seldesk.errors import Unaudited
from seldesk.methods.desk import staff_access, tickets
from tests.access import Inside, inside
from tests.bench.access.apart import apart
from tests.faults import superuser

CALLS, LANES, UNSEEN = 1_000, 4, 100
COUNTED = "SELECT outcome FROM log.audit WHERE method = 'tickets.read'"
LONGEST = 120.0  # seconds
# What makes writing down fail: first the attempt, then what became of it.
FAILING = {
    "REVOKE INSERT ON log.audit FROM {role}": "GRANT INSERT ON log.audit TO {role}",
    "ALTER TABLE log.audit ADD CONSTRAINT attempts CHECK (kind <> 'access' OR outcome = 'attempt') NOT VALID": (
        "ALTER TABLE log.audit DROP CONSTRAINT attempts"
    ),
}


async def figures() -> dict[str, float]:
    """And staff_access_s: seconds from an owner's "off" at one process to the first refusal at another."""
    async with _acme() as her:
        await asyncio.gather(*(_read(her, CALLS // LANES) for _ in range(LANES)))
        outcomes = Counter(await her.world.rows(her.world.acme, COUNTED))
        attempts = outcomes.pop("attempt", 0)
        return {
            "audit_attempts_per_1000": attempts,
            "audit_outcomes_per_1000": sum(outcomes.values()),
            "answers_without_audit": await _unseen(her),
            "staff_access_s": await _until_out(her),
        }


@asynccontextmanager
async def _acme() -> AsyncIterator[Inside]:
    async with apart() as world:
        yield await inside(world)


async def _read(her: Inside, times: int) -> None:
    for _ in range(times):
        await her.call(tickets.read, number=her.number)


async def _unseen(her: Inside) -> int:
    answered, acme = 0, her.world.acme
    async with superuser(her.world.server, acme.database) as connection:
        for breaks, mends in FAILING.items():
            await connection.execute(breaks.format(role=acme.database))
            for _ in range(UNSEEN):
                try:
                    await her.call(tickets.read, number=her.number)
                except Unaudited:
                    continue
                answered += 1
            await connection.execute(mends.format(role=acme.database))
    return answered


async def _until_out(her: Inside) -> float:
    async with opened(her.world.app.settings, her.world.app.cluster, her.world.clock) as other:
        there = other.dispatcher.calling(her.call.credential)
        await there(tickets.read, number=her.number)
        bo = await her.world.acme.signed_in("bo")
        begin = perf_counter()
        await bo(staff_access.turn_off)
        async with asyncio.timeout(LONGEST):
            while await _let_in(there, her.number):
                pass
        return perf_counter() - begin


async def _let_in(there: rpc.Call, number: int) -> bool:
    try:
        await there(tickets.read, number=number)
    except rpc.Unauthenticated:
        return False
    return True
