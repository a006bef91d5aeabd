"""Everything is lost but one store."""

import asyncio
import os
from datetime import timedelta
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

import orm
from seldesk.app.command import settings
from seldesk.app.recovering import NotEmpty, Progress
from seldesk.app.recovering import recover as rebuild
from seldesk.app.running import database
from seldesk.cli import fail

console = Console(stderr=True)


def recover(
    *,
    from_store: Annotated[str, Parameter(help="a store's address, or its place in `stores`: A is the first")],
    superuser: Annotated[str, Parameter(help="who may set up a cluster that is not embedded; PGPASSWORD")] = "",
) -> None:
    chosen = settings()
    position = "ABCDEFGH".find(from_store) if len(from_store) == 1 else -1
    store = chosen.stores[position] if 0 <= position < len(chosen.stores) else from_store
    columns = (TextColumn("customers"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with database(chosen) as found, Bar(*columns, console=console, transient=True) as bar:
        task, address = bar.add_task("", total=None), found.superuser
        if superuser:
            where, password = chosen.database, os.environ.get("PGPASSWORD", "")
            address = orm.Address(where.host, where.port, "postgres", superuser, password)
        if address is None:
            fail("Name the cluster's superuser: seldesk recover --superuser postgres")

        def told(progress: Progress) -> None:
            over = [one for one in progress.customers.values() if one.over]
            bar.update(task, total=len(progress.customers), completed=len(over))

        try:
            done = asyncio.run(rebuild(chosen, found.cluster, address, store=store, told=told))
        except NotEmpty as error:
            fail(str(error))
    _say(done)


def _say(done: Progress) -> None:
    table = Table("name", "plan", "work lost at most", "back after", "")
    for one in done.customers.values():
        after = "" if one.rto is None else str(timedelta(seconds=round(one.rto)))
        table.add_row(one.slug, one.plan, str(timedelta(seconds=round(one.rpo))), after, one.error)
    Console(markup=False).print(table)
    at = f"of {done.control_at:%Y-%m-%d %H:%M} UTC" if done.control_at else "not there: names are what copies say"
    console.print(f"The operator's own database is {at}.")
    if done.forged:
        console.print(f"{done.forged} pages in the store are not the operator's, and were passed over.")
    if any(one.error for one in done.customers.values()):
        fail("Not every customer is there again. Run it again when what is said above is mended.")
