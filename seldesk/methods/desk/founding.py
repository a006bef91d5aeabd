"""The first minute of a new helpdesk: a mailbox, and an owner who is sent a link that sets a password."""

import rpc
from seldesk.caller import Caller
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PROGRAMS = (rpc.Kind.JOB,)


@rpc.public("work", kinds=PROGRAMS)
async def begin(caller: Caller, email: rpc.Line, name: rpc.Line) -> None:
    """Nothing where there is an owner already: done twice, it is done once."""
    if await models.Person.where(models.Person.role == "owner").exists():
        return
    around = surroundings()
    customer = around.customer
    await models.Mailbox.create(f"support@{around.addresses.mail_domain(customer.slug)}", customer.name)
    person = await models.Person.hire(email, name, "owner")
    await models.Outbox.post_invitation(await models.Invitation.issue(person))


@rpc.public("work", kinds=PROGRAMS, reads=True)
async def link(caller: Caller, email: rpc.Line) -> str | None:
    """The link by which the owner of this address sets their first password; None once it was used or is too old."""
    invitation = await models.Invitation.of_owner(email)
    return None if invitation is None else invitation.link
