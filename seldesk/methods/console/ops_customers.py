"""Customers as the operator's people see them: what they are and how they are, never what is in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.control.alerts import AlertRow
from seldesk.methods.control.customers import Plan
from seldesk.models import control as models
from seldesk.offer import Region
from seldesk.surroundings import surroundings

STAFF = (rpc.Kind.STAFF,)
Sought = Annotated[str, Meta(max_length=100)]
State = Literal["requested", "provisioning", "active", "suspended", "terminated", "purging", "purged"]


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """operation is what is under way with it, "" for nothing; error what went wrong with that just now."""

    slug: str
    name: str
    state: str
    plan: str
    region: str
    cluster: str
    created_at: datetime
    operation: str
    error: str


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """regions are those that there are to choose from."""

    frame: Frame
    regions: list[Region]
    items: list[CustomerLine]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """primary_name and primary_email are whom the operator writes to; "" where nobody was named."""

    id: UUID
    slug: str
    name: str
    address: str
    state: str
    plan: str
    country: str
    region: str
    cluster: str
    database: str
    created_at: datetime
    active_at: datetime | None
    primary_name: str
    primary_email: str
    suspended_for: str
    suspended_by: str
    terminated_at: datetime | None
    erase_at: datetime | None
    back_at: datetime | None


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What is under way with a customer, or was last: then asked_at is None. until is when its worker is given up."""

    kind: str
    target: str
    step: str
    error: str
    number: int
    asked_at: datetime | None
    started_at: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class CustomerPage:
    frame: Frame
    customer: CustomerFacts
    region: Region | None
    operation: OperationFacts | None
    alerts: list[AlertRow]
    # When the outbox has something due next, None while it is empty.
    due_at: datetime | None


@rpc.public("console.customers", kinds=STAFF, realm="control", reads=True)
async def page(
    caller: Caller,
    sought: Sought = "",
    state: State | None = None,
    plan: Plan | None = None,
    region: rpc.Line | None = None,
    cursor: str | None = None,
) -> CustomersPage:
    """All that the list of customers shows, by their addresses. sought is a part of an address or of a name."""
    wanted = models.overview.Filter(sought, state or "", plan or "", region or "")
    found = await models.overview.customers(wanted, CustomerLine, cursor)
    regions = [*surroundings().offer.regions.values()]
    return CustomersPage(frame(caller), regions, found.items, found.next, found.previous)


@rpc.public("console.customers", kinds=STAFF, realm="control", reads=True)
async def read(caller: Caller, slug: rpc.Line) -> CustomerPage:
    """All that the page of one customer shows."""
    customer = await models.Customer.named(slug)
    lease = await models.Lease.where(models.Lease.customer_id == customer.id).first()
    wakeup = await models.Wakeup.where(models.Wakeup.customer_id == customer.id).first()
    return CustomerPage(
        frame(caller),
        _facts(customer),
        surroundings().offer.regions.get(customer.region),
        None if lease is None else _operation(lease),
        await models.overview.alerts_of(customer, AlertRow),
        None if wakeup is None else wakeup.due_at,
    )


def _facts(customer: models.Customer) -> CustomerFacts:
    return CustomerFacts(
        customer.id,
        customer.slug,
        customer.name,
        surroundings().addresses.customer(customer.slug),
        customer.state,
        customer.plan,
        customer.country,
        customer.region,
        customer.cluster,
        customer.database,
        customer.created_at,
        customer.active_at,
        customer.primary_name,
        customer.primary_email,
        customer.suspended_for,
        customer.suspended_by,
        customer.terminated_at,
        customer.erase_at,
        customer.back_at,
    )


def _operation(lease: models.Lease) -> OperationFacts:
    return OperationFacts(
        lease.kind,
        lease.target,
        lease.step,
        lease.error,
        lease.fence,
        lease.asked_at,
        lease.started_at,
        lease.until,
    )
