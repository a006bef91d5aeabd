"""New passwords for a customer's roles: when somebody may have got hold of one."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.errors import NotServed
from seldesk.models import control as models


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control")
async def ask(caller: Caller, slug: str) -> None:
    """The provisioner does it; `leases.read` tells how far it is."""
    customer = await models.Customer.named(slug)
    if customer.state not in models.SERVED:
        raise NotServed
    await models.Lease.ask(customer.id, "rotate")
    await models.Customer.announce()


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def done(caller: Caller, customer: UUID, fence: rpc.Int8, credentials: rpc.Int4) -> None:
    """The roles have the passwords of this version."""
    lease = await models.Lease.held(customer, "rotate", fence)
    (await models.Customer.get(customer)).credentials = credentials
    lease.release()
    await models.Customer.announce()
