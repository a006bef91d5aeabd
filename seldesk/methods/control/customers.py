"""Customers, from the request for a database to serving."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.surroundings import OPERATOR as OURSELVES
from seldesk.surroundings import surroundings

Plan = Literal["paid", "trial", "education", "free"]
OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """step is the last one of what is under way with it.

    back_at is set while its database moves: closed until then at the latest. closes_at before that, as announced,
    and for how many seconds at most. trial_ends_at is None on a plan without an end.
    """

    id: UUID
    slug: str
    name: str
    plan: str
    country: str
    state: str
    step: str
    error: str
    cluster: str
    database: str
    created_at: datetime
    region: str = ""
    credentials: int = 1
    back_at: datetime | None = None
    accent: str = ""
    logo: UUID | None = None
    logo_type: str = ""
    suspended_for: str = ""
    suspended_by: str = ""
    terminated_at: datetime | None = None
    erase_at: datetime | None = None
    closes_at: datetime | None = None
    closes_for: int = 0
    second_factor: str = ""
    trial_ends_at: datetime | None = None


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def create(
    caller: Caller,
    slug: str,
    name: rpc.Line,
    plan: Plan = "trial",
    country: str = "DE",
    region: str = "",
    primary_name: str = "",
    primary_email: str = "",
) -> CustomerRow:
    """Ask for a customer's database. The provisioner makes it; `read` tells how far it is.

    Without a region it is the country's; there the cluster is chosen that has most room. The primary address is whom
    the operator writes to.
    """
    customer = await models.placing.request(
        slug=slug,
        name=name,
        plan=plan,
        country=country,
        region=region,
        primary_name=primary_name,
        primary_email=primary_email,
    )
    await models.Customer.announce(customer.id)
    return row_of(customer)


@rpc.public("operate", kinds=OPERATOR, realm="control", reads=True)
async def read(caller: Caller, slug: str) -> CustomerRow:
    customer = await models.Customer.named(slug)
    lease = await models.Lease.standing(customer.id)
    return row_of(customer) if lease is None else row_of(customer, lease.step, lease.error)


@rpc.public("operate", kinds=OPERATOR, realm="control", reads=True)
async def list(caller: Caller) -> builtins.list[CustomerRow]:
    return await models.Customer.listed(CustomerRow)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def directory(caller: Caller) -> builtins.list[CustomerRow]:
    """All customers, for the map from hosts to databases that each process holds in memory."""
    return await models.Customer.listed(CustomerRow)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def mark(caller: Caller) -> str:
    """Another one whenever the directory has changed."""
    return await models.directory.mark()


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def entry(caller: Caller, customer: UUID) -> builtins.list[CustomerRow]:
    """What the directory says of one; nothing of one that is not there any more."""
    return await models.Customer.listed(CustomerRow, customer)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def rebrand(
    caller: Caller, customer: UUID, name: rpc.Line, accent: str, logo: UUID | None, logo_type: str
) -> None:
    """How a customer looks from now on, as its owner chose it at its own door."""
    found = await models.Customer.get(customer)
    found.name, found.accent, found.logo, found.logo_type = name, accent, logo, logo_type
    await models.Customer.announce(customer)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def ping(caller: Caller) -> str:
    """The control database answers: at which revision it stands."""
    return await models.version.reached()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def activate(caller: Caller, customer: UUID, fence: rpc.Int8) -> None:
    """Its database is open: serve it."""
    lease = await models.Lease.held(customer, "provision", fence)
    await (await models.Customer.get(customer)).activate()
    lease.release()


def row_of(customer: models.Customer, step: str = "", error: str = "") -> CustomerRow:
    return CustomerRow(
        customer.id,
        customer.slug,
        customer.name,
        customer.plan,
        customer.country,
        customer.state,
        step,
        error,
        customer.cluster,
        customer.database,
        customer.created_at,
        customer.region,
        customer.credentials,
        customer.back_at,
        customer.accent,
        customer.logo,
        customer.logo_type,
        customer.suspended_for,
        customer.suspended_by,
        customer.terminated_at,
        customer.erase_at,
        customer.closes_at,
        customer.closes_for,
        customer.second_factor,
        customer.trial_ends_at,
    )


def operator_row() -> CustomerRow:
    """Whom the control database belongs to: what is done with it as a whole stands under this one's lease."""
    own, now = OURSELVES, surroundings().now
    return CustomerRow(own.id, own.slug, own.name, "paid", own.country, own.state, "", "", "main", "", now)
