"""Copies become databases again: on the side, in the place of the living one, or as a test."""

import asyncio
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.command import with_application
from seldesk.app.replacing import receive_again
from seldesk.app.restoring import CannotRestore
from seldesk.cli import fail
from seldesk.methods.control import leases, restores, sides
from seldesk.methods.control.restores import Restore

console = Console(stderr=True)
# What is being done after which step.
STEPS = {
    None: "waiting in the queue",
    "": "filled, and compared table by table",
    "sealed": "what is there is copied first",
    "stored": "filled, and compared table by table",
    "equal": "brought to this version",
    "closing": "put in its place",
}


def backup_restore(
    slug: str,
    *,
    copy: Annotated[UUID | None, Parameter(help="which one: `seldesk backup list`; else the newest")] = None,
    aside: Annotated[bool, Parameter(help="beside the living one, at an address of its own, for six days")] = False,
    writable: Annotated[bool, Parameter(help="people may change what stands on the side")] = False,
    live: Annotated[bool, Parameter(help="in the place of the living one, which is kept closed for 7 days")] = False,
    safety_copy: Annotated[bool, Parameter(help="copy and read what is there first, and stop where that fails")] = True,
) -> None:
    """Restore a copy: --aside or --live."""
    if aside == live:
        fail("Say --aside (beside the living helpdesk) or --live (in its place).")

    async def work(app: Application) -> tuple[Restore, str]:
        asked = await app.program(Kind.COMMAND)(
            restores.ask,
            slug=slug,
            kind="live" if live else "aside",
            copy=copy,
            writable=writable,
            safe=safety_copy,
        )
        done = await _over(app, asked.id, slug)
        return done, app.addresses.customer(done.slug or slug)

    done, address = with_application(work)
    if done.state == "failed":
        fail(f"{slug} is as it was: {done.error}")
    console.print(f"{slug} as of {done.snapshot_at:%Y-%m-%d %H:%M} UTC stands at {address}", highlight=False)
    lost, took = done.asked_at - done.snapshot_at, (done.ended_at or done.asked_at) - done.asked_at
    console.print(
        f"The last {_rounded(lost)} before it was asked for are not in it (RPO); it took {_rounded(took)} (RTO)."
    )
    console.print(f"{done.superseded} mails that waited in it are not sent.")
    if done.until:
        console.print(f"It is removed by {done.until + timedelta(days=1):%Y-%m-%d}.")
    else:
        console.print(f"Mail that came since: seldesk backup mail {slug}")


def backup_mail(
    slug: str, *, feed: Annotated[bool, Parameter(help="take it in again; each mail is taken in once")] = False
) -> None:
    """Mail that came after a copy was made that has been restored since. Needs the provisioner's key."""
    try:
        found = with_application(lambda app: receive_again(app, slug, feed=feed))
    except CannotRestore as error:
        fail(str(error))
    console.print(f"{found.found} mails came in since the copy.")
    if feed:
        console.print(f"{found.again} of them are taken in; of {found.lost} the source is not there any more.")


def backup_close(address: str) -> None:
    """Close what stands on the side at this address; the nightly job removes it."""

    async def work(app: Application) -> None:
        await app.program(Kind.COMMAND)(sides.leave, slug=address.partition(".")[0].rpartition("/")[2])

    with_application(work)


def backup_drill(slug: str = "") -> None:
    """Test a copy now: restore it beside, compare every table, sign in, remove it. Without a name, whose turn it is."""

    async def work(app: Application) -> list[Restore]:
        command = app.program(Kind.COMMAND)
        asked = await command(restores.ask_drills, slug=slug)
        return [await _over(app, one.id, one.slug.rpartition("--")[0]) for one in asked]

    table, done = Table("name", "copy of", "result"), with_application(work)
    for one in done:
        result = "[green]whole[/]" if one.state == "done" else f"[red]{escape(one.error)}[/]"
        table.add_row(one.slug.rpartition("--")[0], f"{one.snapshot_at:%Y-%m-%d %H:%M}", result)
    Console().print(table)
    if any(one.state == "failed" for one in done):
        fail("Not every copy could be restored.")


def backup_restores(slug: str = "") -> None:
    """What was asked for, the queue first, and what stands on the side."""

    async def work(app: Application) -> list[Restore]:
        return await app.program(Kind.COMMAND)(restores.list, slug=slug)

    table = Table("asked", "kind", "copy of", "state", "where")
    for one in with_application(work):
        state = one.error or ("under way" if one.state == "waiting" and one.began_at else one.state)
        table.add_row(f"{one.asked_at:%Y-%m-%d %H:%M}", one.kind, f"{one.snapshot_at:%Y-%m-%d %H:%M}", state, one.slug)
    Console(markup=False).print(table)


async def _over(app: Application, restore: UUID, slug: str) -> Restore:
    """Wait until the provisioner has done it."""
    command, columns = app.program(Kind.COMMAND), (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("waiting for the provisioner", total=None)
        while (found := await command(restores.progress, restore=restore)).state == "waiting":
            step = (await command(leases.read, slug=slug)).step if found.began_at else None
            bar.update(task, description=f"{slug}: {STEPS.get(step, 'opened')}")
            await asyncio.sleep(0.5)
    return found


def _rounded(span: timedelta) -> timedelta:
    return timedelta(seconds=round(span.total_seconds()))
