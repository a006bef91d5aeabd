"""Drops the copies that are kept no longer, once: a process of its own, for a test to kill."""

import asyncio
import os

from seldesk.app import running
from seldesk.app.build import opened
from seldesk.app.keeping import keep_copies
from seldesk.app.stores import archive
from seldesk.settings import Settings


async def still_at_it() -> None:
    """Nobody else would take over."""


async def main() -> None:
    chosen = Settings.load(None, os.environ)
    async with opened(chosen, running.cluster(chosen)) as app:
        await keep_copies(app, archive(chosen, deleting=True), still_at_it)


if __name__ == "__main__":
    asyncio.run(main())
