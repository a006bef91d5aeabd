"""What PostgreSQL counts of its own work, in all of its databases."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from orm.provision.connection import connect
from tests.bench.place import Place

REQUESTS = 20
# BEGIN, COMMIT and SET frame the work, and are no part of it; the counting itself is not counted either.
COUNTED = """
    select coalesce(sum(calls), 0)::float, coalesce(sum(total_exec_time), 0)::float
    from pg_stat_statements(true) as seen join pg_roles on pg_roles.oid = seen.userid
    where not rolsuper and query !~* '^\\s*(begin|commit|rollback|start transaction|set)\\M'
"""


@dataclass(frozen=True, slots=True)
class Work:
    """For one request: statements on average, and the median of the milliseconds they took there."""

    statements: float
    milliseconds: float


async def work(place: Place, ask: Callable[[int], object], requests: int = REQUESTS) -> Work:
    """Of so many requests, one after the other, after the same ones once: those fill the caches of a new connection,
    and what is done once a minute, such as noting that a session is alive, belongs to no request."""
    for position in range(requests):
        ask(position)
    async with connect(place.database("postgres")) as connection:
        await connection.execute("create extension if not exists pg_stat_statements")

        async def one(position: int) -> tuple[float, float]:
            await connection.execute("select pg_stat_statements_reset()")
            ask(position)
            calls, times = await connection.fetchrow(COUNTED)
            return calls, times

        seen = [await one(position) for position in range(requests)]
        fewest = min(calls for calls, _ in seen)
        for position, (calls, _) in enumerate(seen):
            # What a process did by itself meanwhile it does not do again with the very same request.
            if calls > fewest:
                seen[position] = min(seen[position], await one(position))
    return Work(sum(calls for calls, _ in seen) / requests, median(times for _, times in seen))
