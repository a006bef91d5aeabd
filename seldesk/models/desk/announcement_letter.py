"""Writes out what somebody here is told of an incident that concerns them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.desk.person import Person
from seldesk.models.envelope import envelope, lines, template
from seldesk.surroundings import surroundings

KINDS = ("announcement",)
CONCERNED = (
    "This is from the operator of Seldesk, which runs the helpdesk of {customer}. You are told because it concerns "
    "what is stored of you there."
)


async def write(task: UUID, payload: Mapping[str, Any], *, created: datetime) -> dict[str, Any] | None:
    """None for somebody who is not here any more."""
    around = surroundings()
    person = await Person.where(Person.id == UUID(payload["person"])).first()
    if person is None:
        return None
    customer, title, text = around.customer, payload["title"], payload["text"]
    domain, concerned = around.addresses.mail_domain(customer.slug), CONCERNED.format(customer=customer.name)
    thread = f"<incident.{payload['incident']}@{domain}>"
    return envelope(
        Outgoing(
            message_id=f"<{task}@{domain}>",
            date=created,
            sender=Address(customer.name, f"no-reply@{domain}"),
            to=[Address(person.name, person.email)],
            subject=f"{payload['before']}{title}",
            text="\n\n".join([title, text, concerned, f"-- \n{customer.name}\n"]),
            html=f"<p><b>{escape(title)}</b></p><p>{lines(text)}</p><p>{escape(concerned)}</p>"
            + f'<p class="foot">{escape(customer.name)}</p>',
            in_reply_to=thread,
            references=[thread],
            automatic=True,
            marker=None,
            template=template(),
        )
    )
