"""`python -m seldesk.app.web`: the process of pages, which runs most often, holds what it serves and nothing else."""

import asyncio
import sys

# structlog loads rich wherever it is installed, for a console that this process does not have: 5 MB.
if __name__ == "__main__":
    sys.modules["rich"] = None  # type: ignore[assignment]

from seldesk.app.build import Application
from seldesk.app.command import FAILURES, with_application
from seldesk.app.pages import serve_pages
from seldesk.app.running import until_told


async def serve(app: Application) -> None:
    await until_told(asyncio.create_task(serve_pages(app)))


if __name__ == "__main__":
    try:
        with_application(serve)
    except FAILURES as error:
        sys.exit(f"Failed: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
