"""Customers as the operator's people see them: what they are and how they are, never what is in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.console.operation_shapes import OperationFacts, PastOperation, operation
from seldesk.methods.control import figures
from seldesk.methods.control.alerts import AlertRow
from seldesk.methods.control.customers import Plan
from seldesk.models import control as models
from seldesk.models.control.keeping import WANTED
from seldesk.models.control.searching import Filter, Health, Order
from seldesk.offer import Plan as Offered
from seldesk.offer import Region
from seldesk.surroundings import surroundings

STAFF = (rpc.Kind.STAFF,)
Sought = Annotated[str, Meta(max_length=100)]
State = Literal["requested", "provisioning", "active", "suspended", "terminated", "purging", "purged"]


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """operation is what is under way with it, "" for nothing; error what went wrong with that just now.
    database_bytes is None while it was never measured; copied_at is of when its newest good copy is.
    """

    slug: str
    name: str
    state: str
    plan: str
    region: str
    cluster: str
    created_at: datetime
    operation: str
    error: str
    database_bytes: int | None
    copied_at: datetime | None
    health: Health


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """regions and clusters are those that there are to choose from; found is how many are as wanted, most at most."""

    frame: Frame
    regions: list[Region]
    clusters: list[str]
    found: int
    most: int
    items: list[CustomerLine]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """primary_name and primary_email are whom the operator writes to; "" where nobody was named. credentials and
    content_key are versions.
    """

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
    credentials: int
    content_key: int
    created_at: datetime
    active_at: datetime | None
    primary_name: str
    primary_email: str
    suspended_for: str
    suspended_by: str
    terminated_at: datetime | None
    erase_at: datetime | None
    back_at: datetime | None
    closes_at: datetime | None
    trial_ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures(figures.Health):
    """As they were at measured_at; error says why it could not be asked then."""

    measured_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class GoodCopy:
    """Read back from every store and decoded; damaged_at since when a store has lost it."""

    id: UUID
    kind: str
    snapshot_at: datetime
    size: int
    replicas: int
    damaged_at: datetime | None
    restored_at: datetime | None


@dataclass(frozen=True, slots=True)
class RestoreLine:
    """began_at is None while it waits in the queue. slug is its own address, "" where it takes the customer's place."""

    id: UUID
    kind: str
    state: str
    slug: str
    error: str
    snapshot_at: datetime
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ActLine:
    """by is "" for a command on the machine; told_at is when it stood in the customer's own audit."""

    what: models.Deed
    detail: str
    by: str
    at: datetime
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """due_at: when the outbox has something due next, None while it is empty. good counts whole copies. figures is
    empty while nothing was measured.
    """

    health: Health
    due_at: datetime | None
    left_behind: int
    drilled_at: datetime | None
    drill_seconds: int | None
    good: int
    figures: list[Figures]
    copies: list[GoodCopy]
    restores: list[RestoreLine]
    acts: list[ActLine]
    operations: list[PastOperation]
    alerts: list[AlertRow]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """wanted is how many copies there should be in the end."""

    frame: Frame
    customer: CustomerFacts
    region: Region | None
    operation: OperationFacts | None
    dossier: Dossier
    wanted: int
    plan: Offered | None


@rpc.public("console.customers", kinds=STAFF, realm="control", reads=True)
async def page(
    caller: Caller,
    sought: Sought = "",
    state: State | None = None,
    plan: Plan | None = None,
    region: rpc.Line | None = None,
    cluster: rpc.Line | None = None,
    health: Health | None = None,
    order: Order = "address",
    cursor: str | None = None,
) -> CustomersPage:
    """All that the list of customers shows. sought is a part of an address or of a name."""
    wanted = Filter(sought, state or "", plan or "", region or "", cluster or "", health or "")
    found = await models.searching.customers(wanted, order, CustomerLine, cursor)
    return CustomersPage(
        frame(caller),
        [*surroundings().offer.regions.values()],
        await models.Cluster.names(),
        await models.searching.number(wanted),
        models.searching.MOST,
        found.items,
        found.next,
        found.previous,
    )


@rpc.public("console.customers", kinds=STAFF, realm="control", reads=True)
async def read(caller: Caller, slug: rpc.Line) -> CustomerPage:
    """All that the page of one customer shows."""
    customer = await models.Customer.named(slug)
    lease = await models.Lease.where(models.Lease.customer_id == customer.id).first()
    dossier = await models.dossier.read(
        customer,
        Dossier,
        figures=Figures,
        copies=GoodCopy,
        restores=RestoreLine,
        acts=ActLine,
        operations=PastOperation,
        alerts=AlertRow,
    )
    offer = surroundings().offer
    return CustomerPage(
        frame(caller),
        facts(customer),
        offer.regions.get(customer.region),
        None if lease is None else operation(lease),
        dossier,
        WANTED,
        offer.plans.get(customer.plan),
    )


def facts(customer: models.Customer) -> CustomerFacts:
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
        customer.credentials,
        customer.content_key,
        customer.created_at,
        customer.active_at,
        customer.primary_name,
        customer.primary_email,
        customer.suspended_for,
        customer.suspended_by,
        customer.terminated_at,
        customer.erase_at,
        customer.back_at,
        customer.closes_at,
        customer.trial_ends_at,
    )
