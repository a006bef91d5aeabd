"""Everything is lost but one store, or the control database alone is."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from seldesk.app.catching_up import LOST, Changed
from seldesk.app.command import set_up_by, settings
from seldesk.app.own_copies import NoCopy, restore_alone
from seldesk.app.recovering import NotEmpty, Progress
from seldesk.app.recovering import recover as rebuild
from seldesk.app.running import database
from seldesk.cli import fail
from seldesk.settings import Settings
from seldesk.storage import StorageError

console = Console(stderr=True)
Superuser = Annotated[str, Parameter(help="who may set up a cluster that is not embedded; PGPASSWORD")]
STORE = "a store's address, or its place in `stores`: A is the first"


def recover(*, from_store: Annotated[str, Parameter(help=STORE)], superuser: Superuser = "") -> None:
    chosen = settings()
    store = _store(chosen, from_store)
    columns = (TextColumn("customers"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with database(chosen) as found, Bar(*columns, console=console, transient=True) as bar:
        task, address = bar.add_task("", total=None), set_up_by(superuser, found, chosen).setup

        def told(progress: Progress) -> None:
            over = [one for one in progress.customers.values() if one.over]
            bar.update(task, total=len(progress.customers), completed=len(over))

        try:
            done = asyncio.run(rebuild(chosen, found.cluster, address, store=store, told=told))
        except NotEmpty as error:
            fail(str(error))
    _say(done)


def restore_control(
    *,
    copy: Annotated[UUID | None, Parameter(help="which one; else the newest that opens")] = None,
    from_store: Annotated[str, Parameter(help=STORE + "; else all of them")] = "",
    superuser: Superuser = "",
) -> None:
    """The control database alone comes back from a copy, around customers that live on."""
    chosen = settings()
    store = _store(chosen, from_store)
    with database(chosen) as found:
        address = set_up_by(superuser, found, chosen).setup
        try:
            done = asyncio.run(restore_alone(chosen, found.cluster, address, store=store, copy=copy))
        except NoCopy as error:
            fail(str(error))
        except StorageError as error:
            fail(f"{error} Name the store that answers: --from-store B")
    console.print(f"The control database is of {done.snapshot_at:%Y-%m-%d %H:%M} UTC.", highlight=False)
    console.print(
        f"What it took the place of is closed, and called {done.former}: drop it when nobody needs it any more."
    )
    console.print(f"{done.customers} customers have data; each gets new passwords from the provisioner's process.")
    console.print(f"{done.adopted} copies made since then are in the catalogue again.")
    _say_changed(done.changed)
    for one in done.alerts:
        console.print(f"{one.subject}: {one.detail}", markup=False, highlight=False)


def _say_changed(changed: Sequence[Changed]) -> None:
    """What customers' own audits say and the control database does not: nobody else can do it again."""
    if not changed:
        console.print("No customer's own audit has anything since then that is to be done again.")
        return
    table = Table("name", "when (UTC)", "what was done since then, and is to be done again", "")
    for one in changed:
        if one.decided is None:
            table.add_row(one.slug, "", "nobody knows: its database does not answer", "")
        for act in one.decided or ():
            facts = act.facts or {}
            detail = facts.get("detail") or facts.get("plan", "")
            table.add_row(one.slug, f"{act.happened_at:%Y-%m-%d %H:%M}", LOST[act.method], detail)
    Console(markup=False).print(table)


def _store(chosen: Settings, said: str) -> str:
    position = "ABCDEFGH".find(said) if len(said) == 1 else -1
    return chosen.stores[position] if 0 <= position < len(chosen.stores) else said


def _say(done: Progress) -> None:
    table = Table("name", "plan", "work lost at most", "back after", "")
    for one in done.customers.values():
        after = "" if one.rto is None else str(timedelta(seconds=round(one.rto)))
        lost = "" if one.there else str(timedelta(seconds=round(one.rpo)))
        table.add_row(one.slug, one.plan, lost, after, "was there already" if one.there else one.error)
    Console(markup=False).print(table)
    if not done.again:
        at = f"of {done.control_at:%Y-%m-%d %H:%M} UTC" if done.control_at else "not there: names are what copies say"
        console.print(f"The operator's own database is {at}.")
    if done.forged:
        console.print(f"{done.forged} pages in the store are not the operator's, and were passed over.")
    for strange in done.strange:
        console.print(f"{strange.subject}: {strange.detail}", markup=False, highlight=False)
    if any(one.error for one in done.customers.values()):
        fail("Not every customer is there again. Run it again when what is said above is mended.")
