"""Whom the operator writes to about a customer, also when the customer's own database is what is down."""

from dataclasses import dataclass
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Contact:
    """Both "" where nobody was named."""

    name: str
    email: str


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def read(caller: Caller, customer: UUID) -> Contact:
    found = await models.Customer.get(customer)
    return Contact(found.primary_name, found.primary_email)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def name(caller: Caller, customer: UUID, name: rpc.Line, email: rpc.Line) -> None:
    """An owner has chosen them, at the customer's own door, where the address is verified."""
    found = await models.Customer.get(customer)
    found.primary_name, found.primary_email = name, email
