"""The clusters that customers' databases lie on."""

import asyncio
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from rpc import Kind
from seldesk.app import installation
from seldesk.app.build import Application
from seldesk.app.command import settings, with_application
from seldesk.app.command import superuser as named
from seldesk.methods.control import clusters
from seldesk.methods.control.clusters import ClusterRow, State

cluster = App(name="cluster")


@cluster.command(name="add")
def cluster_add(
    name: str,
    *,
    host: str,
    port: int = 5432,
    data_centre: Annotated[str, Parameter(help="empty: customers of every region")] = "",
    capacity: Annotated[int, Parameter(help="how many customers it is for")] = 5000,
    disk_gb: Annotated[int, Parameter(help="how much its disk holds; no customer moves to one that is too full")] = 0,
    superuser: Annotated[str, Parameter(help="who may set the cluster up; the password is taken from PGPASSWORD")] = "",
) -> None:
    """Place new customers on another cluster too. With a superuser named it is prepared first."""
    if superuser:
        asyncio.run(installation.prepare_another(settings(), named(superuser, host, port)))

    async def work(app: Application) -> ClusterRow:
        return await app.program(Kind.COMMAND)(
            clusters.add,
            name=name,
            host=host,
            port=port,
            data_centre=data_centre,
            capacity=capacity,
            disk_gb=disk_gb,
        )

    with_application(work)


@cluster.command(name="change")
def cluster_change(
    name: str,
    *,
    data_centre: str | None = None,
    capacity: int | None = None,
    disk_gb: int | None = None,
    state: State | None = None,
) -> None:
    """Say anew which data centre it is in, for how many customers and how much it has room, or whether it takes any."""

    async def work(app: Application) -> None:
        await app.program(Kind.COMMAND)(
            clusters.update, name=name, data_centre=data_centre, capacity=capacity, disk_gb=disk_gb, state=state
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

    table = Table("name", "data centre", "address", "customers", "disk", "state")
    for row in with_application(work):
        address = f"{row.host}:{row.port}" if row.host else "as in the settings"
        used, disk = f"{row.customers} of {row.capacity}", f"{row.disk_gb} GB" if row.disk_gb else "not said"
        table.add_row(row.name, row.data_centre or "any", address, used, disk, row.state)
    Console(markup=False).print(table)
