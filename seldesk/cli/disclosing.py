"""What an authority is handed over."""

from pathlib import Path
from uuid import UUID

from seldesk.app.build import Application
from seldesk.app.command import with_application
from seldesk.app.disclosing import disclose as disclose_to
from seldesk.cli.customers import console
from seldesk.jobs.downloads import Progress


def disclose(disclosure: UUID, file: Path) -> None:
    """Refused until the console has recorded that the customer was told, or what forbids it."""

    async def work(app: Application) -> Progress:
        return await disclose_to(app, disclosure, file)

    made = with_application(work)
    console.print(f"{made.made} rows and files are in {file}.", highlight=False)
