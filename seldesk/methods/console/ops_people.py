"""What the operator does about one person at a customer: erases them, where nobody there can or does."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.endings import ASKED, Erasing, next_clean_up
from seldesk.methods.desk import privacy
from seldesk.models import control as models
from seldesk.models.limit import Window
from seldesk.surroundings import surroundings

Reason = Annotated[str, Meta(min_length=10, max_length=255)]
Reference = Annotated[str, Meta(min_length=1, max_length=200)]
BY_COMMAND, AT_CONSOLE = "ops_people.erase", "ops_people.erase_at_console"
UNCONFIRMED = "Tick this too: what is erased comes back for nobody."
# Of one of the staff. Whoever tries addresses and names learns nothing of who is at a customer.
TRIED = Window("people asked to be erased", 10, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Erased:
    """person is who goes; without one nobody there has both this address and this name, or, with seconds to wait, it
    was tried too often.
    """

    person: UUID | None = None
    wait: int = 0


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
    customer = await models.Customer.named(slug)
    return await _ordered(caller, BY_COMMAND, customer, _Asked(email, name, reason, reference, erasing))


@rpc.public("console.customers.erase", kinds=(rpc.Kind.STAFF,), realm="control")
async def erase_at_console(
    caller: Caller,
    slug: rpc.Line,
    email: rpc.Line,
    name: rpc.Line,
    reason: Reason,
    reference: Reference,
    erasing: Erasing = "asked",
    confirmed: bool = False,
) -> Erased:
    """The same, by one of the staff, whose name the customer's audit has as well. It is confirmed before anybody is
    looked for. An address that is not there and a name that is another are refused in the same words; refusals are
    answers, so that they stay counted and stand in the operator's log.
    """
    if not confirmed:
        raise rpc.Invalid(fields={"confirmed": UNCONFIRMED})
    customer, wait = await models.Customer.named(slug), 0
    if await models.Limit.take(TRIED, str(caller.id)):
        try:
            return Erased(await _ordered(caller, AT_CONSOLE, customer, _Asked(email, name, reason, reference, erasing)))
        except (rpc.NotFound, rpc.Invalid):
            pass
    else:
        wait = await models.Limit.wait(TRIED, str(caller.id))
    facts = {"address": caller.address, "request": caller.request_id}
    models.OperatorEntry.record(
        AT_CONSOLE, outcome="denied", staff_id=caller.actor, customer_id=customer.id, facts=facts
    )
    return Erased(wait=wait)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is to be erased, why, and when."""

    email: str
    name: str
    reason: str
    reference: str
    erasing: Erasing


async def _ordered(caller: Caller, kind: str, customer: models.Customer, asked: _Asked) -> UUID:
    around = surroundings()
    when = {"clean-up": next_clean_up(around.now), "asked": around.now + ASKED, "at once": around.now}
    # The customer's commits first: whoever dies in between leaves the entry in its audit, which says all.
    door = around.door(customer.id).relayed(caller.address, caller.request_id)
    person = await door(
        privacy.order,
        email=asked.email,
        name=asked.name,
        erase_at=when[asked.erasing],
        reason=asked.reason.strip(),
        reference=asked.reference.strip(),
        by=caller.name if caller.kind is rpc.Kind.STAFF else "",
    )
    models.OperatorEntry.record(
        kind,
        staff_id=caller.actor,
        customer_id=customer.id,
        objects={"person": str(person)},
        facts={"erasing": asked.erasing, "address": caller.address, "request": caller.request_id},
    )
    return person
