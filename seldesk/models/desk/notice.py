"""Writes out the mails that belong to no ticket. Written twice, a notice is the same to the last byte."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing, compose
from seldesk.mail.markup import escape
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.letter import template
from seldesk.models.desk.mailbox import Mailbox
from seldesk.models.desk.person import Person
from seldesk.surroundings import surroundings

KINDS = ("invitation",)
INVITED = "You are invited to work in the helpdesk of {customer}."
CHOOSE = "Choose a password by this link. It works once, until {until:%-d %B %Y, %H:%M} UTC."
STRANGE = "If you did not expect this, do nothing: without a password nothing happens."


async def write(kind: str, task: UUID, payload: Mapping[str, Any], *, created: datetime) -> dict[str, Any] | None:
    """The envelope and the finished message; None when what it was about is gone."""
    invitation = await Invitation.where(Invitation.id == UUID(payload["invitation"])).first()
    if invitation is None:
        return None
    person = await Person.get(invitation.person_id)
    return _letter(await _invitation(task, invitation, person, created), person)


async def _invitation(task: UUID, invitation: Invitation, person: Person, created: datetime) -> Outgoing:
    customer, link = surroundings().customer.name, invitation.link
    invited = INVITED.format(customer=customer)
    choose = CHOOSE.format(until=invitation.expires_at)
    html = (
        f"<p>{escape(invited)}</p><p>{escape(choose)}</p>"
        f'<p><a href="{escape(link)}">{escape(link)}</a></p><p class="foot">{STRANGE}</p>'
    )
    text = f"{invited}\n\n{choose}\n\n{link}\n\n{STRANGE}\n"
    return await _outgoing(task, person, f"Your account at {customer}", text, html, created)


async def _outgoing(task: UUID, person: Person, subject: str, text: str, html: str, created: datetime) -> Outgoing:
    around = surroundings()
    domain, mailbox = around.addresses.mail_domain(around.customer.slug), await Mailbox.first_one()
    return Outgoing(
        message_id=f"<{task}@{domain}>",
        date=created,
        sender=Address(around.customer.name, mailbox.address if mailbox else f"no-reply@{domain}"),
        to=[Address(person.name, person.email)],
        subject=subject,
        text=text,
        html=html,
        automatic=True,
        marker=None,
        template=template(),
    )


def _letter(outgoing: Outgoing, person: Person) -> dict[str, Any]:
    return {
        "sender": "",
        "recipients": [person.email],
        "message_id": outgoing.message_id,
        "automatic": True,
        "confirms": None,
        "raw": compose(outgoing),
    }
