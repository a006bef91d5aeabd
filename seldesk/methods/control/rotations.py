"""New passwords for a customer's roles, or a new content key: when somebody may have got hold of one."""

from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.errors import NotServed
from seldesk.models import control as models

What = Literal["passwords", "content-key"]
CONTENT_KEY = "content-key"


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control")
async def ask(caller: Caller, slug: str, what: What = "passwords") -> None:
    """The provisioner does it; `leases.read` tells how far it is. A new content key takes minutes: all files are
    sealed anew.
    """
    await asked_for(caller, slug, what)


async def asked_for(caller: Caller, slug: str, what: What) -> None:
    customer = await models.Customer.named(slug)
    if customer.state not in models.SERVED:
        raise NotServed
    await models.Lease.ask(customer.id, "rotate", CONTENT_KEY if what == CONTENT_KEY else "")
    await models.Act.note(caller, customer, "rotate", what)
    await models.Customer.announce(customer.id)


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def done(caller: Caller, customer: UUID, fence: rpc.Int8, credentials: rpc.Int4) -> None:
    """The roles have the passwords of this version."""
    lease = await models.Lease.held(customer, "rotate", fence)
    (await models.Customer.get(customer)).credentials = credentials
    lease.release()
    await models.Customer.announce(customer)


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def sealed(caller: Caller, customer: UUID, fence: rpc.Int8, content_key: rpc.Int4) -> None:
    """All files lie under this version of the content key."""
    lease = await models.Lease.held(customer, "rotate", fence)
    (await models.Customer.get(customer)).content_key = content_key
    lease.release()
