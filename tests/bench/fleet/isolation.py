"""How many attempts of one customer at what is another's were not answered as they must be."""

import asyncio

from orm.testing import Server
from tests.orm import attempts
from tests.orm.revisions import CONTROL, DESK


async def _count(server: Server) -> int:
    cluster = await server.prepare(DESK, CONTROL)
    await attempts.move_in(cluster)
    found = 0
    for same_user in (True, False):
        await server.allow(same_user=same_user)
        found += len(await attempts.failures(cluster, same_user=same_user))
    return found


def isolation_failures() -> int:
    """Over every row and every ordered pair of three customers, with and without the line that says sameuser."""
    with Server() as server:
        return asyncio.run(_count(server))
