"""What the operator does about one person at a customer: erases them, where nobody there can or does."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.endings import ASKED, Erasing, next_clean_up
from seldesk.methods.desk import privacy
from seldesk.models import control as models
from seldesk.surroundings import surroundings

Reason = Annotated[str, Meta(min_length=10, max_length=255)]
Reference = Annotated[str, Meta(min_length=1, max_length=200)]


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control")
async def erase(
    caller: Caller,
    slug: rpc.Line,
    email: rpc.Line,
    name: rpc.Line,
    reason: Reason,
    reference: Reference,
    erasing: Erasing = "asked",
) -> UUID:
    """Close the account of whoever has this address and this name there, and have what is known of them erased: at the
    next clean-up, within 30 days, or at once, which nobody can take back. reason and reference, of what was asked for,
    stand in the customer's audit; the operator's log has ids. Answers the person's id.
    """
    customer, around = await models.Customer.named(slug), surroundings()
    when = {"clean-up": next_clean_up(around.now), "asked": around.now + ASKED, "at once": around.now}
    # The customer's commits first: whoever dies in between leaves the entry in its audit, which says all.
    door = around.door(customer.id).relayed(caller.address, caller.request_id)
    person = await door(
        privacy.order,
        email=email,
        name=name,
        erase_at=when[erasing],
        reason=reason.strip(),
        reference=reference.strip(),
    )
    models.OperatorEntry.record(
        "ops_people.erase",
        customer_id=customer.id,
        objects={"person": str(person)},
        facts={"erasing": erasing, "address": caller.address, "request": caller.request_id},
    )
    return person
