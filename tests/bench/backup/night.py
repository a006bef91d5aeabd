"""Many small customers, whose copies are all due at once."""

import asyncio
from time import perf_counter

from orm.provision.connection import connect
from rpc import Kind
from seldesk.clock import Clock
from seldesk.methods.control import copies
from seldesk.methods.desk import mailboxes
from tests.bench.arithmetic import Ratio, ratio
from tests.bench.backup import bare
from tests.bench.fleet.many import Many
from tests.bench.seed import seed

ROUNDS = 3
TICKETS = 50  # of each
SEEDING = 4  # at once
LOOK = 0.05  # seconds between two looks at how far it is
# As if the night were over and the next one there, for the small ones alone.
A_DAY_LATER = """
    UPDATE control.copies SET began_at = began_at - interval '1 day', snapshot_at = snapshot_at - interval '1 day'
    WHERE customer_id IN (SELECT id FROM control.customers WHERE slug LIKE 'tenant%')
"""
# The provisioner's own schedule asks within itself, and looks at once.
LOOK_NOW = "NOTIFY directory"
UNDER_WAY = "SELECT count(*) FROM control.leases WHERE kind = 'copy' AND asked_at IS NOT NULL"
GOOD = "SELECT count(DISTINCT customer_id) FROM control.copies WHERE verified_at >= $1"


async def night(many: Many, number: int) -> Ratio:
    """Copies in a second to those of a bare loop of pg_dump that has as many under way; after a night that warms up."""
    await many.grow(number)
    await _seeded(many)
    databases = [one.database for one in many.all]
    at_once = many.place.settings.backups.at_once
    folder = many.place.home / "bare"
    folder.mkdir()
    many.told(f"the first night of {number} customers")
    await _copied(many)
    ours, loop = [], []
    for number_ in range(ROUNDS):
        many.told(f"a night of {number} customers, {number_ + 1} of {ROUNDS}")
        loop.append(len(databases) / await bare.all_dumped(many.place, databases, folder, at_once))
        ours.append(await _copied(many))
    return ratio(ours, loop)


async def _seeded(many: Many) -> None:
    many.told("owners and tickets")
    waiting = iter(await many.owned())

    async def work() -> None:
        for customer in (one.customer for one in waiting):
            address = f"support@{many.app.addresses.mail_domain(customer.slug)}"
            await many.app.program(Kind.COMMAND, customer.slug)(mailboxes.create, address=address, name=customer.slug)
            async with connect(many.place.database(customer.database)) as connection:
                await seed(connection, TICKETS, Clock().now())

    await asyncio.gather(*(work() for _ in range(SEEDING)))
    await many.let_go()


async def _copied(many: Many) -> float:
    """Copies in a second, of all whose time has come."""
    await many.control.execute(A_DAY_LATER)
    since, begin = Clock().now(), perf_counter()
    asked = await many.app.program(Kind.JOB)(copies.ask_for_due)
    await many.control.execute(LOOK_NOW)
    while await many.control.fetchval(UNDER_WAY):  # noqa: ASYNC110 - PostgreSQL has no event for it
        await asyncio.sleep(LOOK)
    took, good = perf_counter() - begin, await many.control.fetchval(GOOD, since)
    if good < asked:
        raise RuntimeError(f"Of {asked} customers {good} were copied.")
    return float(asked / took)
