"""Measuring the service from outside."""

import asyncio

from seldesk.app.command import settings
from seldesk.app.running import until_told
from seldesk.app.status import probe as measure
from seldesk.clock import Clock


def probe() -> None:
    """Stands apart: it asks no database and no other process of ours, so that it goes on when they do not."""
    chosen = settings()

    async def work() -> None:
        await until_told(asyncio.create_task(measure(chosen, Clock())))

    asyncio.run(work())
