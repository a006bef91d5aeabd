"""`python -m seldesk.app.web`: the process of pages, which runs most often, holds what it serves and nothing else."""

import asyncio
import sys
from typing import NoReturn

# structlog loads rich wherever it is installed, for a console that this process does not have: 5 MB.
if __name__ == "__main__":
    sys.modules["rich"] = None  # type: ignore[assignment]

from seldesk.app.build import Application
from seldesk.app.command import explained, with_application
from seldesk.app.pages import serve_pages
from seldesk.app.running import end_as_by_interrupt, until_told


async def serve(app: Application) -> None:
    await until_told(asyncio.create_task(serve_pages(app)))


def fail(sentence: str) -> NoReturn:
    sys.exit(f"Failed: {sentence}")


if __name__ == "__main__":
    end_as_by_interrupt()
    with explained(fail):
        with_application(serve)
