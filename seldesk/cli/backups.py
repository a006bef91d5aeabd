"""Full backups: made now, listed, read again."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from cyclopts import App, Parameter
from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.command import with_application
from seldesk.app.copying import Copier, Replica
from seldesk.cli import fail
from seldesk.methods.control import copies
from seldesk.methods.control.copies import CopyRow, Newest, Underway

console = Console(stderr=True)
backup = App(name="backup")
for name, sentence in {
    "restore": "Restore a copy: beside the living helpdesk, or in its place.",
    "close": "Close what stands on the side; the nightly job removes it.",
    "mail": "Mail that came after a copy was made that has been restored since.",
    "drill": "Test copies now: restored beside, compared, signed in to, removed.",
    "restores": "What was asked for, and what stands on the side.",
}.items():
    backup.command(f"seldesk.cli.restores:backup_{name}", name=name, help=sentence)
backup.command(
    "seldesk.cli.recovering:restore_control",
    name="restore-control",
    help="The control database alone comes back from a copy, around customers that live on.",
)
OWN = "the control database"
Slug = Annotated[str, Parameter(help=f"a customer; none: {OWN}")]
# Which part of the way is behind one when a step is done.
STEPS = {"": ("dumped and sealed", 0.0, 0.6), "sealed": ("brought to the stores, read back and decoded", 0.6, 0.9)}
LAST = ("signed", 0.9, 1.0)
PROMISED = 18.0


@backup.command(name="now")
def backup_now(
    slug: Slug = "",
    *,
    smaller: Annotated[bool, Parameter(help="it counts even when nine tenths of what was there are gone")] = False,
) -> None:
    """Make a copy at once, and wait until it is good."""

    async def work(app: Application) -> Underway:
        command = app.program(Kind.COMMAND)
        await command(copies.ask, slug=slug, smaller=smaller)
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[size]}"))
        with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
            task = bar.add_task("waiting for the provisioner", total=1.0, size="")
            while not (now := await command(copies.read, slug=slug)).over:
                bar.update(task, **_shown(now))
                await asyncio.sleep(0.2)
        return now

    ended = with_application(work)
    if ended.error:
        fail(f"There is no new copy of {slug or OWN}: {ended.error}")
    console.print(f"{slug or OWN} is copied: {decimal(ended.size)} in every store, read back and decoded.")


@backup.command(name="list")
def backup_list(slug: Slug | None = None) -> None:
    """The copies of a customer ("" for the control database); of all customers the newest one each."""

    async def work(app: Application) -> Table:
        command = app.program(Kind.COMMAND)
        if slug is None:
            return _of_all(await command(copies.newest), app.clock.now())
        return _of_one(await command(copies.list, slug=slug))

    Console().print(with_application(work))


@backup.command(name="verify")
def backup_verify(slug: Slug = "", copy: UUID | None = None) -> None:
    """Read a copy again, in each store, against its manifest, and decode it: the newest, unless another is named."""

    async def work(app: Application) -> list[Replica]:
        command = app.program(Kind.COMMAND)
        good = [row for row in await command(copies.list, slug=slug) if row.verified_at and copy in (None, row.id)]
        if not good:
            fail(f"{slug or OWN} has no such copy.")
        with console.status(f"reading the copy of {good[0].snapshot_at:%Y-%m-%d %H:%M} UTC"):
            return await Copier(app).verify(slug, good[0].id)

    table, found = Table("store", "", "finding"), with_application(work)
    for one in found:
        table.add_row(
            one.store, "[red]bad[/]" if one.fault else "[green]good[/]", escape(one.fault) or "whole, and it decodes"
        )
    Console().print(table)
    if any(one.fault for one in found):
        fail("This copy is not good in every store.")


def _shown(now: Underway) -> dict[str, Any]:
    words, begins, ends = STEPS.get(now.step, LAST)
    share = min(1.0, now.size / now.expected) if now.expected and not now.step else 0.0
    size = decimal(now.size) + (f" of about {decimal(now.expected)}" if now.expected and not now.step else "")
    return {"description": words, "completed": begins + share * (ends - begins), "size": size if now.size else ""}


def _of_all(newest: list[Newest], now: datetime) -> Table:
    table = Table("customer", "newest copy (UTC)", "hours old", "size", "")
    for one in newest:
        when = f"{one.snapshot_at:%Y-%m-%d %H:%M}" if one.snapshot_at else "[red]none[/]"
        table.add_row(one.slug or OWN, when, _age(one.snapshot_at, now), decimal(one.size), str(one.copy or ""))
    return table


def _age(snapshot_at: datetime | None, now: datetime) -> str:
    """Red is what is older than was promised."""
    if snapshot_at is None:
        return ""
    hours = (now - snapshot_at).total_seconds() / 3600
    return f"[{'red' if hours > PROMISED else 'green'}]{hours:.1f}[/]"


def _of_one(rows: list[CopyRow]) -> Table:
    table = Table("copy", "of (UTC)", "kind", "size", "stores", "")
    for row in rows:
        state = (
            "[green]good[/]" if row.verified_at else f"[red]{escape(row.error) or 'under way, or was interrupted'}[/]"
        )
        when = row.snapshot_at or row.began_at
        table.add_row(str(row.id), f"{when:%Y-%m-%d %H:%M}", row.kind, decimal(row.size), str(row.replicas), state)
    return table
