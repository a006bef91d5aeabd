"""The PostgreSQL servers that customers' databases lie on."""

import builtins
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.surroundings import surroundings

OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)
State = Literal["open", "full", "closed"]
Port = Annotated[int, Meta(ge=1, le=65535)]
Capacity = Annotated[int, Meta(ge=1, le=100_000)]
Disk = Annotated[int, Meta(ge=0, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """host is "" for the cluster of the settings; data_centre "" where it takes customers of every region; disk_gb 0
    where it is not known how much the disk holds.

    open takes customers, full none that are new, closed none that move there either.
    """

    name: str
    data_centre: str
    host: str
    port: int
    capacity: int
    state: str
    customers: int = 0
    disk_gb: int = 0


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def add(
    caller: Caller,
    name: rpc.Line,
    host: rpc.Line,
    data_centre: str = "",
    port: Port = 5432,
    capacity: Capacity = 5000,
    disk_gb: Disk = 0,
) -> ClusterRow:
    """A server that was prepared takes customers from now on."""
    _check(data_centre)
    cluster = await models.Cluster.introduce(
        name=name, data_centre=data_centre, host=host, port=port, capacity=capacity, disk_gb=disk_gb
    )
    await models.Customer.announce()
    return _row(cluster, 0)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def update(
    caller: Caller,
    name: str,
    data_centre: str | None = None,
    capacity: Capacity | None = None,
    state: State | None = None,
    disk_gb: Disk | None = None,
) -> None:
    """Change what is given."""
    cluster = await models.Cluster.named(name)
    if data_centre is not None:
        _check(data_centre)
        cluster.data_centre = data_centre
    cluster.capacity = capacity or cluster.capacity
    cluster.state = state or cluster.state
    cluster.disk_gb = cluster.disk_gb if disk_gb is None else disk_gb


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def list(caller: Caller) -> builtins.list[ClusterRow]:
    return [_row(*each) for each in await models.Cluster.listed()]


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def directory(caller: Caller) -> builtins.list[ClusterRow]:
    """Where each cluster is, for the map that each process holds in memory."""
    return [_row(cluster, 0) for cluster in await models.Cluster.query().limit(1000).all()]


def _check(data_centre: str) -> None:
    known = surroundings().offer.data_centres
    if data_centre and data_centre not in known:
        raise rpc.Invalid(fields={"data_centre": f"One of {', '.join(sorted(known))}."})


def _row(cluster: models.Cluster, used: int) -> ClusterRow:
    place = cluster.name, cluster.data_centre, cluster.host, cluster.port
    return ClusterRow(*place, cluster.capacity, cluster.state, used, cluster.disk_gb)
