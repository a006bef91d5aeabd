"""Everything anew from one store: what the operator's database is told before its customers are restored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.customers import Plan
from seldesk.models import control as models

OPERATOR = (rpc.Kind.COMMAND,)
# Of the cluster that is lost: what was under way, due or left behind on it.
EMPTIED = tuple(
    model.full_name()
    for model in (models.Wakeup, models.Former, models.Restore, models.Alert, models.Outbox, models.Job)
)
# By these it is seen whether a cluster is empty, and if not, whether recovering was what was begun on it.
TOLD_BY = (models.Customer.full_name(), models.Restore.full_name())


@dataclass(frozen=True, slots=True)
class Awaited:
    """A customer that is to be restored."""

    id: UUID
    slug: str
    plan: str


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def begin(caller: Caller) -> list[Awaited]:
    """All customers are on the one cluster there is, and nothing is under way with them. Answers who has data."""
    for lease in await models.Lease.query().limit(100_000).all():
        lease.release()
    await models.Customer.query().update(cluster="main", back_at=None)
    there = models.Customer.where(models.Customer.state.in_(models.EXISTING)).limit(100_000)
    columns = {"id": models.Customer.id, "slug": models.Customer.slug, "plan": models.Customer.plan}
    return await there.into(Awaited, **columns)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def enter(
    caller: Caller,
    erasure: UUID,
    kind: Literal["customer", "person"],
    customer: UUID,
    erased_at: datetime,
    person: UUID | None = None,
) -> None:
    """What the ledger in the store says: a customer that was erased is not served again."""
    await models.Erasure.enter(erasure, kind, customer, person, erased_at)
    if kind == "customer" and (gone := await models.Customer.where(models.Customer.id == customer).first()):
        gone.state = "purged"
        gone.name = gone.primary_name = gone.primary_email = ""


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def find(caller: Caller, customer: UUID, slug: str, plan: Plan, region: str, snapshot_at: datetime) -> None:
    """Serve a customer of which only its copies tell: it is newer than the operator's own copy."""
    await models.Customer.found(id=customer, slug=slug, plan=plan, region=region, created_at=snapshot_at)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def queue(caller: Caller, customer: UUID, copy: UUID, snapshot_at: datetime) -> UUID:
    """Restore this copy, whether the catalogue knows of it or not; who pays comes first."""
    found = await models.Customer.get(customer)
    return models.Restore.queue(found, "live", copy, snapshot_at, safe=False).id
