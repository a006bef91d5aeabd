"""Commands for whoever runs more than one cluster."""

import asyncio
import os
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

import orm
from rpc import Kind
from seldesk.app import installation
from seldesk.app.build import Application, backup_identities, content_keys
from seldesk.methods.control import clusters, leases, moves, rotations
from seldesk.methods.control.clusters import ClusterRow, State
from seldesk.methods.control.leases import Progress
from seldesk.terminal import console, fail, settings, with_application

cluster = App(name="cluster", help="The PostgreSQL servers that customers' databases lie on.")


keys = App(name="keys", help="What opens the customers' own keys.")


@keys.command(name="rewrap")
def keys_rewrap() -> None:
    """After a master key was changed: wrap each customer's keys with the new one. Then the former one can go."""
    chosen = settings()

    async def work() -> tuple[int, int]:
        return await content_keys(chosen).rewrap(), await backup_identities(chosen).rewrap()

    contents, backups = asyncio.run(work())
    console.print(f"Wrapped anew: {contents} content keys, {backups} backup identities.")


@cluster.command(name="add")
def cluster_add(
    name: str,
    *,
    host: str,
    port: int = 5432,
    data_centre: Annotated[str, Parameter(help="empty: customers of every region")] = "",
    capacity: Annotated[int, Parameter(help="how many customers it is for")] = 5000,
    superuser: Annotated[str, Parameter(help="who may set the cluster up; the password is taken from PGPASSWORD")] = "",
) -> None:
    """Place new customers on another cluster too. With a superuser named it is prepared first."""
    if superuser:
        address = orm.Address(host, port, "postgres", superuser, os.environ.get("PGPASSWORD", ""))
        asyncio.run(installation.prepare_another(settings(), address))

    async def work(app: Application) -> ClusterRow:
        return await app.program(Kind.COMMAND)(
            clusters.add, name=name, host=host, port=port, data_centre=data_centre, capacity=capacity
        )

    with_application(work)


@cluster.command(name="change")
def cluster_change(
    name: str, *, data_centre: str | None = None, capacity: int | None = None, state: State | None = None
) -> None:
    """Say anew which data centre it is in, how many customers it is for, or whether it takes any."""

    async def work(app: Application) -> None:
        await app.program(Kind.COMMAND)(
            clusters.update, name=name, data_centre=data_centre, capacity=capacity, state=state
        )

    with_application(work)


@cluster.command(name="close")
def cluster_close(name: str) -> None:
    """No customer is placed there or moves there any more."""
    cluster_change(name, state="closed")


@cluster.command(name="list")
def cluster_list() -> None:
    """All clusters and how full they are."""

    async def work(app: Application) -> list[ClusterRow]:
        return await app.program(Kind.COMMAND)(clusters.list)

    table = Table("name", "data centre", "address", "customers", "state")
    for row in with_application(work):
        address = f"{row.host}:{row.port}" if row.host else "as in the settings"
        table.add_row(row.name, row.data_centre or "any", address, f"{row.customers} of {row.capacity}", row.state)
    Console().print(table)


async def prepare_others(app: Application, superuser: str) -> None:
    """Bring the templates of all clusters but the first to this version."""
    for name, where in app.fleet.all().items():
        if name != "main":
            address = orm.Address(where.host, where.port, "postgres", superuser, os.environ.get("PGPASSWORD", ""))
            await installation.prepare_another(app.settings, address)


def extend(customer: App) -> None:
    """What can be done with a customer here."""
    customer.command(customer_move, name="move")
    customer.command(customer_rotate, name="rotate")


def customer_move(slug: str, target: str) -> None:
    """Move a customer to another cluster. Its doors close while it is copied, and it is said until when at most."""

    async def work(app: Application) -> Progress:
        command = app.program(Kind.COMMAND)
        await command(moves.ask, slug=slug, cluster=target)
        return await _over(app, slug)

    progress = with_application(work)
    if progress.error:
        fail(f"{slug} is where it was: {progress.error}")
    console.print(f"{slug} is on {target} now. What it left behind is closed, and dropped within a week.")


def customer_rotate(slug: str) -> None:
    """Give a customer's database roles new passwords and end their sessions: when somebody may have got hold of one."""

    async def work(app: Application) -> None:
        await app.program(Kind.COMMAND)(rotations.ask, slug=slug)
        await _over(app, slug)

    with_application(work)


async def _over(app: Application, slug: str) -> Progress:
    """Wait until the provisioner has done what was asked for, and say what it does."""
    with console.status("waiting for the provisioner") as status:
        while not (progress := await app.program(Kind.COMMAND)(leases.read, slug=slug)).over:
            closed = f", closed until {progress.back_at:%H:%M:%S} UTC at the latest" if progress.back_at else ""
            status.update(
                f"{progress.kind}: {progress.error or progress.step or 'waiting for the provisioner'}{closed}"
            )
            await asyncio.sleep(0.2)
    return progress
