"""Copies become databases again: on the side, in the place of the living one, or as a test."""

import asyncio
from typing import Annotated
from uuid import UUID

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from rpc import Kind
from seldesk.app.build import Application
from seldesk.cli import fail
from seldesk.cli.application import with_application
from seldesk.cli.backups import backup
from seldesk.methods.control import restores
from seldesk.methods.control.restores import Restore

console = Console(stderr=True)


@backup.command(name="restore")
def backup_restore(
    slug: str,
    *,
    copy: Annotated[
        UUID | None, Parameter(help="which one: `seldesk backup list`; the newest where none is named")
    ] = None,
    aside: Annotated[
        bool, Parameter(help="beside the living helpdesk, at an address of its own, for up to 7 days")
    ] = False,
    writable: Annotated[bool, Parameter(help="people may change what stands on the side")] = False,
) -> None:
    """Restore a copy on the side; without --aside nothing is done."""
    if not aside:
        fail("Say --aside: beside the living helpdesk.")

    async def work(app: Application) -> tuple[Restore, str]:
        asked = await app.program(Kind.COMMAND)(restores.ask, slug=slug, kind="aside", copy=copy, writable=writable)
        done = await _over(app, asked.id)
        return done, app.addresses.customer(done.slug)

    done, address = with_application(work)
    if done.state == "failed":
        fail(f"{slug} could not be restored: {done.error}")
    console.print(f"{slug} as of {done.snapshot_at:%Y-%m-%d %H:%M} UTC stands at {address}", highlight=False)
    console.print(f"{done.superseded} mails that waited in it are not sent. It is removed by {done.until:%Y-%m-%d}.")


@backup.command(name="close")
def backup_close(address: str) -> None:
    """Close what stands on the side at this address; the nightly job removes it."""

    async def work(app: Application) -> None:
        await app.program(Kind.COMMAND)(restores.leave, slug=address.partition(".")[0].rpartition("/")[2])

    with_application(work)


@backup.command(name="drill")
def backup_drill(slug: str = "") -> None:
    """Test a copy now: restore it beside, compare every table, sign in, remove it. Without a name, whose turn it is."""

    async def work(app: Application) -> list[Restore]:
        command = app.program(Kind.COMMAND)
        asked = await command(restores.ask_drills, slug=slug)
        return [await _over(app, one.id) for one in asked]

    table, done = Table("name", "copy of", "result"), with_application(work)
    for one in done:
        result = "[green]whole[/]" if one.state == "done" else f"[red]{one.error}[/]"
        table.add_row(one.slug.rpartition("--")[0], f"{one.snapshot_at:%Y-%m-%d %H:%M}", result)
    Console().print(table)
    if any(one.state == "failed" for one in done):
        fail("Not every copy could be restored.")


@backup.command(name="restores")
def backup_restores(slug: str = "") -> None:
    """What was asked for, the queue first, and what stands on the side."""

    async def work(app: Application) -> list[Restore]:
        return await app.program(Kind.COMMAND)(restores.list, slug=slug)

    table = Table("asked", "kind", "copy of", "state", "where")
    for one in with_application(work):
        state = one.error or ("under way" if one.state == "waiting" and one.began_at else one.state)
        table.add_row(f"{one.asked_at:%Y-%m-%d %H:%M}", one.kind, f"{one.snapshot_at:%Y-%m-%d %H:%M}", state, one.slug)
    Console().print(table)


async def _over(app: Application, restore: UUID) -> Restore:
    """Wait until the provisioner has done it."""
    with console.status("waiting for the provisioner") as status:
        while (found := await app.program(Kind.COMMAND)(restores.progress, restore=restore)).state == "waiting":
            status.update("under way" if found.began_at else "waiting in the queue")
            await asyncio.sleep(0.5)
    return found
