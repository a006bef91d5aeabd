"""Where a customer could move to, and what speaks against each place."""

from dataclasses import dataclass
from datetime import datetime

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.console.operation_shapes import OperationFacts, operation
from seldesk.methods.console.ops_customers import CustomerFacts, facts
from seldesk.models import control as models
from seldesk.models.control.capacity import GROWTH, LEFT
from seldesk.surroundings import surroundings


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """capacity is how many customers it is for; bytes what its customers' databases hold, disk_bytes what is used on
    its disk, disk_gb what that holds, 0 where nobody has said so. Connections: needed by all processes, room, and how
    many there were at measured_at; that is None, and the rest 0, while it was never asked. standbys follow it, of
    which standbys_away are not connected, and the worst is standby_bytes of log behind.
    """

    name: str
    data_centre: str
    host: str
    port: int
    state: str
    capacity: int
    disk_gb: int
    customers: int
    bytes: int
    measured_at: datetime | None
    error: str
    version: str
    databases: int
    needed: int
    room: int
    connected: int
    disk_bytes: int
    standbys: int
    standbys_away: int
    standby_bytes: int

    @property
    def free(self) -> int | None:
        """In bytes; None where nobody has said how much its disk holds."""
        return max(0, self.disk_gb * 1_000_000_000 - self.disk_bytes) if self.disk_gb else None


@dataclass(frozen=True, slots=True)
class Target:
    """against are sentences: where there are none, the customer can move there. unknown is what nobody knows."""

    cluster: ClusterFacts
    against: list[str]
    unknown: list[str]


@dataclass(frozen=True, slots=True)
class MovePage:
    """size is that of its database in bytes, None while it was never measured."""

    frame: Frame
    customer: CustomerFacts
    operation: OperationFacts | None
    size: int | None
    targets: list[Target]


@rpc.public("console.customers.operate", kinds=(rpc.Kind.STAFF,), realm="control", reads=True)
async def page(caller: Caller, slug: rpc.Line) -> MovePage:
    """All that the page of a move shows: each cluster, and what speaks against it."""
    customer = await models.Customer.named(slug)
    lease = await models.Lease.standing(customer.id)
    measured = await models.CustomerFigures.where(models.CustomerFigures.customer_id == customer.id).first()
    size = measured.database_bytes if measured and measured.database_bytes else None
    targets = [_target(customer, one, size) for one in await models.capacity.clusters(ClusterFacts)]
    return MovePage(frame(caller), facts(customer), operation(lease) if lease else None, size, targets)


def _target(customer: models.Customer, cluster: ClusterFacts, size: int | None) -> Target:
    region = surroundings().offer.regions.get(customer.region)
    against, unknown = [], []
    if cluster.name == customer.cluster:
        against.append("It is there.")
    if cluster.data_centre not in ("", *(centre.code for centre in (region.data_centres if region else ()))):
        against.append("It lies in another region.")
    if cluster.state == "closed":
        against.append("It is closed: nobody moves there.")
    if cluster.customers >= cluster.capacity:
        against.append("It has as many customers as it is for.")
    if cluster.error:
        against.append(f"It did not answer: {cluster.error}")
    needed = None if size is None else GROWTH * size + LEFT
    if cluster.free is None or needed is None:
        unknown.append("Whether its disk has room is looked at when the move begins.")
    elif cluster.free < needed:
        against.append("Its disk has no room for it.")
    return Target(cluster, against, unknown)
