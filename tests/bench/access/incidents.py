"""An incident with 500 recipients and a worker that is killed five times: who got what."""

import tempfile
from pathlib import Path

from orm.testing import Server
from seldesk.app import installation
from tests.acceptance.incident_killing import told_while_killed
from tests.world import settings, world

RECIPIENTS = {False: 500, True: 100}
KILLS = 5


async def figures(quick: bool) -> dict[str, float]:
    """incident_missing and incident_double are to be 0, incident_repeated at most one for each kill."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Server() as server:
        home = Path(folder)
        await installation.prepare(settings(home), server.superuser)
        async with world(server, home) as made:
            return await told_while_killed(made, home, RECIPIENTS[quick], KILLS)
