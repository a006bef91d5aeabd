"""What the control database knows of databases, held against what lies on the clusters."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.errors import Busy, Excluded
from seldesk.methods.control.customers import Plan
from seldesk.models import control as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Known:
    """A database of which it is known where it should be. former: what a customer has left behind,
    or what stands on the side."""

    customer: UUID
    database: str
    cluster: str
    state: str
    former: bool = False
    busy: bool = False


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def known(caller: Caller) -> list[Known]:
    """All databases. Of a busy one something is under way, and what is found of it now may not hold in a moment."""
    customer, former, lease = models.Customer, models.Former, models.Lease
    rows = await (
        customer.where(customer.state != "purged")
        .join(lease, (lease.customer_id == customer.id) & lease.asked_at.is_not(None), optional=True)
        .limit(100_000)
        .into(
            Known,
            customer=customer.id,
            database=customer.database,
            cluster=customer.cluster,
            state=customer.state,
            busy=lease.asked_at.is_not(None),
        )
    )
    left = await former.query().limit(100_000).all()
    beside = [(one.customer_id, one.database, one.cluster) for one in left]
    beside += [(one.customer_id, one.database, one.cluster) for one in await models.Restore.of()]
    return rows + [Known(*one, "", former=True) for one in beside]


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def adopt(
    caller: Caller, customer: UUID, slug: str, plan: Plan, created_at: datetime, cluster: str, database: str
) -> None:
    """Serve a database that says whose it is, and of which nobody here knows. Excluded for one that was erased."""
    if await models.Erasure.of(customer).exists():
        raise Excluded
    place = await models.Cluster.named(cluster)
    region = surroundings().offer.region_with(place.data_centre)
    await models.Customer.adopt(
        id=customer,
        slug=slug,
        plan=plan,
        created_at=created_at,
        region=region.code if region else "",
        cluster=cluster,
        database=database,
    )


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def found_at(caller: Caller, customer: UUID, source: str, target: str) -> None:
    """Its open database lies on the target, and the one at the source is closed: it had moved. Busy."""
    if await models.Lease.standing(customer) is not None:
        raise Busy
    await (await models.Customer.get(customer)).switch(source, target)
    await models.Lease.ask(customer, "rotate")
