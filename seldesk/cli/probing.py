"""Measuring the service from outside."""

import asyncio

from seldesk.app.command import settings
from seldesk.app.running import end_with_input, until_told
from seldesk.app.status import probe as measure
from seldesk.cli.serving import UntilEof
from seldesk.clock import Clock


def probe(*, until_eof: UntilEof = False) -> None:
    """Stands apart: it asks no database and no other process of ours, so that it goes on when they do not."""
    if until_eof:
        end_with_input()
    chosen = settings()

    async def work() -> None:
        await until_told(asyncio.create_task(measure(chosen, Clock())))

    asyncio.run(work())
