"""Writes out what somebody here is told of an incident that concerns them."""

from typing import Any
from uuid import UUID

import orm
from seldesk.models.desk.no_reply import no_reply
from seldesk.models.desk.person import Person
from seldesk.surroundings import surroundings

CONCERNED = (
    "This is from the operator of Seldesk, which runs the helpdesk of {customer}. You are told because it concerns "
    "what is stored of you there."
)


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None for somebody who is not here any more."""
    around, payload = surroundings(), claimed.payload
    person = await Person.where(Person.id == UUID(payload["person"])).first()
    if person is None:
        return None
    customer, title = around.customer, payload["title"]
    said = [payload["text"], CONCERNED.format(customer=customer.name)]
    thread = f"<incident.{payload['incident']}@{around.addresses.mail_domain(customer.slug)}>"
    return no_reply(claimed, person, f"{payload['before']}{title}", said, title=title, thread=thread)
