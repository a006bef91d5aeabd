"""Everything anew from one store: what the operator's database is told before its customers are restored."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.customers import Plan
from seldesk.methods.control.purges import Unfinished
from seldesk.models import control as models
from seldesk.surroundings import surroundings

OPERATOR = (rpc.Kind.COMMAND,)
# Of the cluster that is lost: what was under way, due or left behind on it.
EMPTIED = tuple(
    model.full_name()
    for model in (models.Wakeup, models.Former, models.Restore, models.Alert, models.Outbox, models.Job)
)
# Of a control database that is older than the customers around it: what was due then is over.
EMPTIED_ALONE = tuple(model.full_name() for model in (models.Alert, models.Outbox, models.Job))
# By this, too, it is seen whether a cluster is empty.
CUSTOMERS = models.Customer.full_name()


@dataclass(frozen=True, slots=True)
class Awaited:
    """A customer that has data, and where. restore: what an earlier try has asked for and is not over."""

    id: UUID
    slug: str
    plan: str
    cluster: str
    database: str
    restore: UUID | None
    snapshot_at: datetime | None


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def begin(caller: Caller) -> list[Awaited]:
    """The first time, all customers are on the one cluster there is, and nothing is under way with them but what makes
    or erases one. Whoever the ledger says was erased is not served again. Answers who has data.
    """
    restore, customer = models.Restore, models.Customer
    # Once a restore was asked for there may be customers that work again.
    if not await restore.query().exists():
        await models.Lease.release_all()
        await customer.query().update(cluster="main", back_at=None)
        for erased in await models.Erasure.unfinished(Unfinished):
            gone = await customer.get(erased.customer)
            gone.state = "purged"
            gone.name = gone.primary_name = gone.primary_email = ""
    waiting = (restore.customer_id == customer.id) & (restore.kind == "live") & (restore.state == "waiting")
    there = customer.where(customer.state.in_(models.EXISTING)).join(restore, waiting, optional=True)
    return await there.limit(100_000).into(
        Awaited,
        id=customer.id,
        slug=customer.slug,
        plan=customer.plan,
        cluster=customer.cluster,
        database=customer.database,
        restore=restore.id,
        snapshot_at=restore.snapshot_at,
    )


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def find(caller: Caller, customer: UUID, slug: str, plan: Plan, region: str, snapshot_at: datetime) -> bool:
    """Serve a customer of which only its copies tell: it is newer than the operator's own copy. False for one that was
    erased. SlugTaken.
    """
    if await models.Erasure.of(customer).exists():
        return False
    await models.Customer.found(id=customer, slug=slug, plan=plan, region=region, created_at=snapshot_at)
    return True


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def queue(caller: Caller, customer: UUID, copy: UUID, snapshot_at: datetime) -> UUID:
    """Restore this copy, whether the catalogue knows of it or not; who pays comes first."""
    found = await models.Customer.get(customer)
    return models.Restore.queue(found, "live", copy, snapshot_at, safe=False).id


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def settle(caller: Caller) -> None:
    """The control database alone is an older one: nothing that was under way then is begun again, except to make or to
    erase a customer, and all are asked once what they have to do.
    """
    await models.Lease.release_all()
    await models.Restore.give_up("The control database was restored from a copy.")
    await models.Customer.query().update(back_at=None)
    for customer in await _existing():
        await models.Wakeup.note(customer, surroundings().now)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def renew(caller: Caller) -> int:
    """New passwords for the roles of all customers with whom nothing else is under way; answers how many have data."""
    there = await _existing()
    await models.Lease.ask_all(there, "rotate")
    return len(there)


async def _existing() -> list[UUID]:
    """Those who have data."""
    there = models.Customer.where(models.Customer.state.in_(models.EXISTING))
    return [one.id for one in await there.order_by(models.Customer.id).limit(100_000).all()]
