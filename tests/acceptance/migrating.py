"""`seldesk migrate` to a version that is not out yet, as a process that can be killed."""

import asyncio
import os
import sys

from orm.migrate import Revision, Revisions
from seldesk.app import installation, running
from seldesk.app.build import opened
from seldesk.app.migrating import migrate_all
from seldesk.settings import Settings

LOCK = 4713
# Waits, in the one database where somebody holds the lock, with everything done and nothing committed.
LATER = Revision("9999", f"ALTER TABLE app.tickets ADD later text; SELECT pg_advisory_xact_lock({LOCK})")


def later() -> Revisions:
    return Revisions((*installation.desk_revisions().steps, LATER))


async def main(canaries: list[str]) -> None:
    chosen = Settings.load(None, os.environ)
    async with opened(chosen, running.cluster(chosen)) as app:
        report = await migrate_all(app, later(), canaries=canaries, at_once=1, tolerated=1)
    print({one.target: one.error for one in report.outcomes})  # noqa: T201 - for the test's log


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
