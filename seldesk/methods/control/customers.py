"""Customers, from the request for a database to serving."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk import regions
from seldesk.caller import Caller
from seldesk.models import control as models

Plan = Literal["paid", "trial", "education", "free"]
OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """state is requested, provisioning or active; step the last one of what is under way with it.

    back_at is set while its database moves: closed until then at the latest.
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


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def create(
    caller: Caller, slug: str, name: rpc.Line, plan: Plan = "trial", country: str = "DE", region: str = ""
) -> CustomerRow:
    """Ask for a customer's database. The provisioner makes it; `read` tells how far it is.

    Without a region it is the country's; there the cluster is chosen that has most room.
    """
    region = region or regions.of_country(country)
    if not (data_centres := regions.pair(region)):
        raise rpc.Invalid(fields={"country": "This is the code of no country, or there is no such region."})
    cluster = await models.Cluster.place(data_centres[0])
    customer = await models.Customer.request(
        slug=slug, name=name, plan=plan, country=country, region=region, cluster=cluster
    )
    await models.Customer.announce()
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
    )
