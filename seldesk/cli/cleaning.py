"""The clean-up of 1 January and 1 July."""

from cyclopts import App
from rich.console import Console
from rich.table import Table

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.command import with_application
from seldesk.methods.control import clean_ups, endings, leaving_people
from seldesk.methods.control.clean_ups import CleanUp
from seldesk.methods.control.endings import Leaving

cleanup = App(name="cleanup")


@cleanup.command(name="preview")
def cleanup_preview() -> None:
    """Who goes until the next clean-up, and why; nothing is changed."""

    async def work(app: Application) -> tuple[list[Leaving], list[leaving_people.Leaving]]:
        operator = app.program(Kind.COMMAND)
        return await operator(endings.preview), await operator(leaving_people.preview)

    customers, people = with_application(work)
    table = Table("name", "organisation", "left", "goes", "why")
    for row in customers:
        table.add_row(row.slug, row.name, f"{row.terminated_at:%Y-%m-%d}", f"{row.erase_at:%Y-%m-%d %H:%M}", _why(row))
    Console(markup=False).print(table)
    within = Table("name", "person", "goes", title="People inside customers")
    for person in people:
        within.add_row(person.slug, str(person.person), f"{person.erase_at:%Y-%m-%d %H:%M}")
    if people:
        Console(markup=False).print(within)


def _why(row: Leaving) -> str:
    if row.state == "purging":
        return "is being erased"
    return "erasing was asked for" if row.asked else "terminated, and this is the next clean-up"


@cleanup.command(name="list")
def cleanup_list() -> None:
    """The reports of the last clean-ups."""

    async def work(app: Application) -> list[CleanUp]:
        return await app.program(Kind.COMMAND)(clean_ups.list)

    table = Table("due", "begun", "finished", "customers", "people")
    for row in with_application(work):
        finished = f"{row.finished_at:%Y-%m-%d %H:%M}" if row.finished_at else "not yet"
        due, begun = f"{row.due_at:%Y-%m-%d %H:%M}", f"{row.begun_at:%Y-%m-%d %H:%M}"
        table.add_row(due, begun, finished, str(row.customers), str(row.people))
    Console(markup=False).print(table)
