"""Customers, from the request for a database to serving."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

Plan = Literal["paid", "trial", "education", "free"]
OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """state is requested, provisioning or active; step the last one that the provisioner finished."""

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
    accent: str = ""
    logo: UUID | None = None
    logo_type: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A customer under work, with the number that each further step must show."""

    customer: CustomerRow
    fence: int


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

    Without a region it is the country's. The primary address is whom the operator writes to.
    """
    customer = await models.Customer.request(
        slug=slug,
        name=name,
        plan=plan,
        country=country,
        region=region,
        cluster="main",
        primary_name=primary_name,
        primary_email=primary_email,
    )
    await models.Customer.announce()
    return _row(customer)


@rpc.public("operate", kinds=OPERATOR, realm="control", reads=True)
async def read(caller: Caller, slug: str) -> CustomerRow:
    return _row(await models.Customer.named(slug))


@rpc.public("operate", kinds=OPERATOR, realm="control", reads=True)
async def list(caller: Caller) -> builtins.list[CustomerRow]:
    return await models.Customer.listed(CustomerRow)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def directory(caller: Caller) -> builtins.list[CustomerRow]:
    """All customers, for the map from hosts to databases that each process holds in memory."""
    return await models.Customer.listed(CustomerRow)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def rebrand(
    caller: Caller, customer: UUID, name: rpc.Line, accent: str, logo: UUID | None, logo_type: str
) -> None:
    """How a customer looks from now on, as its owner chose it at its own door."""
    found = await models.Customer.get(customer)
    found.name, found.accent, found.logo, found.logo_type = name, accent, logo, logo_type
    await models.Customer.announce()


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def ping(caller: Caller) -> bool:
    """Whether the control database answers, and there is any customer."""
    return await models.Customer.query().exists()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def claim(caller: Caller) -> Claim | None:
    """Take the oldest customer that is not finished and that nobody works on."""
    customer = await models.Customer.claim()
    return None if customer is None else Claim(_row(customer), customer.fence)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def stepped(caller: Caller, customer: UUID, fence: rpc.Int8, step: str) -> None:
    """One step is done; the lease goes on."""
    (await models.Customer.held(customer, fence)).step = step


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def activate(caller: Caller, customer: UUID, fence: rpc.Int8) -> None:
    """Its database is open: serve it."""
    await (await models.Customer.held(customer, fence)).activate()


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def failed(caller: Caller, customer: UUID, fence: rpc.Int8, error: str) -> None:
    """A step failed. It is tried again when the lease ends."""
    (await models.Customer.held(customer, fence)).error = error


def _row(customer: models.Customer) -> CustomerRow:
    return CustomerRow(
        customer.id,
        customer.slug,
        customer.name,
        customer.plan,
        customer.country,
        customer.state,
        customer.step,
        customer.error,
        customer.cluster,
        customer.database,
        customer.created_at,
        customer.accent,
        customer.logo,
        customer.logo_type,
    )
