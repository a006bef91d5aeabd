"""Customers that move from one cluster to another."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.errors import NotServed, SameCluster, WrongRegion
from seldesk.models import control as models
from seldesk.surroundings import surroundings

OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class FormerDatabase:
    cluster: str
    database: str


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def ask(caller: Caller, slug: str, cluster: str) -> None:
    """Move a customer. The provisioner does it; `leases.read` tells how far it is."""
    customer = await models.Customer.named(slug)
    if customer.state not in models.SERVED:
        raise NotServed
    if customer.cluster == cluster:
        raise SameCluster
    target = await models.Cluster.check_room(cluster)
    region = surroundings().offer.regions.get(customer.region)
    if target.data_centre not in ("", *(centre.code for centre in (region.data_centres if region else ()))):
        raise WrongRegion
    await models.Lease.ask(customer.id, "move", cluster)
    await models.Customer.announce()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def pause(caller: Caller, customer: UUID, fence: rpc.Int8, back_at: datetime) -> None:
    """Its doors close now, until then at the latest."""
    lease = await models.Lease.held(customer, "move", fence)
    lease.step = "closing"
    (await models.Customer.get(customer)).back_at = back_at
    await models.Customer.announce()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def resume(caller: Caller, customer: UUID, fence: rpc.Int8, error: str) -> None:
    """It did not move: it is served where it was."""
    lease = await models.Lease.held(customer, "move", fence)
    (await models.Customer.get(customer)).back_at = None
    lease.release(error)
    await models.Customer.announce()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def switch(caller: Caller, customer: UUID, fence: rpc.Int8, source: str, target: str) -> None:
    """From now on its database is the one on the target: the point of no return."""
    lease = await models.Lease.held(customer, "move", fence)
    lease.step = "switched"
    await (await models.Customer.get(customer)).switch(source, target)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def finish(caller: Caller, customer: UUID, fence: rpc.Int8) -> None:
    """Its new database is open: serve it there."""
    lease = await models.Lease.held(customer, "move", fence)
    (await models.Customer.get(customer)).back_at = None
    lease.step = "open"
    await models.Customer.announce()


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def former(caller: Caller, customer: UUID) -> list[FormerDatabase]:
    """What a customer has left behind."""
    left = await models.Former.where(models.Former.customer_id == customer).all()
    return [FormerDatabase(one.cluster, one.database) for one in left]


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def over(caller: Caller) -> list[FormerDatabase]:
    """What was left behind a week ago, and may go."""
    return [FormerDatabase(one.cluster, one.database) for one in await models.Former.over()]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def dropped(caller: Caller, cluster: str, database: str) -> None:
    await models.Former.forget(cluster, database)
