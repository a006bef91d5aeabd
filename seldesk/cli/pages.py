"""The process of pages, which runs most often: it imports what it serves and nothing else."""

import asyncio

from seldesk.app.build import Application
from seldesk.app.pages import serve_pages
from seldesk.app.running import until_told
from seldesk.cli.application import with_application


def web() -> None:
    async def work(app: Application) -> None:
        await until_told(asyncio.create_task(serve_pages(app)))

    with_application(work)
