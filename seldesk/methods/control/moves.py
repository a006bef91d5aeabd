"""Customers that move from one cluster to another."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.errors import NotServed
from seldesk.models import control as models
from seldesk.surroundings import surroundings

OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)
# Nothing else can be done with the customer meanwhile, no copy either.
Minutes = Annotated[int, Meta(ge=0, le=120)]


class SameCluster(rpc.Conflict):
    """The customer is on this cluster already."""

    code = "same_cluster"


class WrongRegion(rpc.Conflict):
    """This cluster is in no data centre of the customer's region, and its data stay there."""

    code = "wrong_region"


@dataclass(frozen=True, slots=True)
class FormerDatabase:
    cluster: str
    database: str


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def ask(caller: Caller, slug: str, cluster: str, notice: Minutes = 0) -> None:
    """Move a customer. The provisioner does it; `leases.read` tells how far it is. For so many minutes before the doors
    close its agents are told.
    """
    await asked_for(caller, slug, cluster, notice)


async def asked_for(caller: Caller, slug: str, cluster: str, notice: int) -> None:
    customer = await models.Customer.named(slug)
    if customer.state not in models.SERVED:
        raise NotServed
    if customer.cluster == cluster:
        raise SameCluster
    target = await models.Cluster.check_room(cluster)
    region = surroundings().offer.regions.get(customer.region)
    if target.data_centre not in ("", *(centre.code for centre in (region.data_centres if region else ()))):
        raise WrongRegion
    new = await models.Lease.standing(customer.id) is None
    await models.Lease.ask(customer.id, "move", cluster)
    if new and notice:
        customer.closes_at = surroundings().now + timedelta(minutes=notice)
    await models.Customer.announce(customer.id)
    await models.Act.note(caller, customer, "move", f"{customer.cluster} to {cluster}")


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def announce(caller: Caller, customer: UUID, fence: rpc.Int8, seconds: rpc.Int4) -> None:
    """For how long its doors will be closed at most."""
    await models.Lease.held(customer, "move", fence)
    (await models.Customer.get(customer)).closes_for = seconds
    await models.Customer.announce(customer)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def pause(caller: Caller, customer: UUID, fence: rpc.Int8, back_at: datetime) -> None:
    """Its doors close now, until then at the latest."""
    lease = await models.Lease.held(customer, "move", fence)
    lease.reached("closing")
    await (await models.Customer.get(customer)).close_until(back_at)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def resume(caller: Caller, customer: UUID, fence: rpc.Int8, error: str) -> None:
    """It did not move: it is served where it was."""
    lease = await models.Lease.held(customer, "move", fence)
    await (await models.Customer.get(customer)).close_until(None)
    lease.release(error)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def switch(caller: Caller, customer: UUID, fence: rpc.Int8, source: str, target: str) -> None:
    """From now on its database is the one on the target: the point of no return."""
    lease = await models.Lease.held(customer, "move", fence)
    lease.reached("switched")
    await (await models.Customer.get(customer)).switch(source, target)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def finish(caller: Caller, customer: UUID, fence: rpc.Int8) -> None:
    """Its new database is open: serve it there."""
    lease = await models.Lease.held(customer, "move", fence)
    await (await models.Customer.get(customer)).close_until(None)
    lease.reached("open")


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
