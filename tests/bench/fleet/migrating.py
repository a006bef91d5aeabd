"""One column and one index on every database, beside a bare loop that has as many open at once."""

import asyncio
from collections.abc import Sequence
from time import perf_counter

from orm.migrate import Revision, Revisions
from orm.provision.connection import connect
from seldesk.app.build import Application
from seldesk.app.installation import desk_revisions
from seldesk.app.migrating import migrate_all
from tests.bench.arithmetic import Ratio, ratio
from tests.bench.place import Customer, Place

ROUNDS = 3
AT_ONCE = 8


async def migrating(made: Place, app: Application, all_: Sequence[Customer]) -> Ratio:
    """In each round another column: ours and that of the loop; after one round that warms up, for who is first reads
    from the disk what the other finds in memory."""
    ours, bare, revisions = [], [], desk_revisions()
    for number in range(1 + ROUNDS):
        revisions = Revisions((*revisions.steps, Revision(f"bench{number}", _change(f"bench{number}"))))
        begin = perf_counter()
        report = await migrate_all(app, revisions, at_once=AT_ONCE)
        ours.append(perf_counter() - begin)
        if report.failed:
            raise RuntimeError(f"{len(report.failed)} were not migrated, the first for: {report.failed[0].error}")
        begin = perf_counter()
        await _loop(made, all_, _change(f"bare{number}"))
        bare.append(perf_counter() - begin)
    return ratio(ours[1:], bare[1:])


async def _loop(made: Place, all_: Sequence[Customer], change: str) -> None:
    waiting = iter(all_)

    async def work() -> None:
        for customer in waiting:
            async with connect(made.database(customer.database)) as connection:
                await connection.execute(change)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


def _change(column: str) -> str:
    return f"ALTER TABLE app.tickets ADD {column} text; CREATE INDEX tickets_{column} ON app.tickets ({column})"
