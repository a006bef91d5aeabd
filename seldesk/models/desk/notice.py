"""Writes out the mails that belong to no ticket. Written twice, a notice is the same to the last byte."""

from typing import Any
from uuid import UUID

import orm
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.letter import signature
from seldesk.models.desk.mailbox import Mailbox
from seldesk.models.desk.person import Person
from seldesk.models.envelope import envelope, lines, template
from seldesk.surroundings import surroundings

INVITED = "You are invited to work in the helpdesk of {customer}."
CHOOSE = "Choose a password by this link. It works once, until {until:%d %B %Y, %H:%M} UTC."
STRANGE = "If you did not expect this, do nothing: without a password nothing happens."
TESTED = "This is a test of the mailbox {address}. Mail leaves it, and this is how replies are signed:"


async def invitation(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None when it was taken back, or another was made."""
    named = claimed.payload
    person = await Person.get(UUID(named["person"]))
    found = await Invitation.where(Invitation.id == UUID(named["invitation"])).first()
    if found is None:
        return None
    first = await Mailbox.first_one()
    sender = _sender(first, surroundings().customer.name)
    return _letter(claimed, person, sender, *_invitation(found, signature(first)))


async def test(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None where the mailbox was deleted meanwhile."""
    person = await Person.get(UUID(claimed.payload["person"]))
    mailbox = await Mailbox.where(Mailbox.id == UUID(claimed.payload["mailbox"])).first()
    if mailbox is None:
        return None
    return _letter(claimed, person, _sender(mailbox, mailbox.name), *_test(mailbox))


def _invitation(invitation: Invitation, signed: str) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    customer, link = surroundings().customer.name, invitation.link
    invited, choose = INVITED.format(customer=customer), CHOOSE.format(until=invitation.expires_at)
    html = (
        f"<p>{escape(invited)}</p><p>{escape(choose)}</p>"
        f'<p><a href="{escape(link)}">{escape(link)}</a></p><p>{STRANGE}</p><p class="foot">{lines(signed)}</p>'
    )
    return f"Your account at {customer}", f"{invited}\n\n{choose}\n\n{link}\n\n{STRANGE}\n\n-- \n{signed}\n", html


def _test(mailbox: Mailbox) -> tuple[str, str, str]:
    tested = TESTED.format(address=mailbox.address)
    html = f'<p>{escape(tested)}</p><p class="foot">{lines(mailbox.signed)}</p>'
    return f"Test of {mailbox.name}", f"{tested}\n\n-- \n{mailbox.signed}\n", html


def _sender(mailbox: Mailbox | None, name: str) -> Address:
    around = surroundings()
    domain = around.addresses.mail_domain(around.customer.slug)
    return Address(name, mailbox.address if mailbox else f"no-reply@{domain}")


def _letter(
    claimed: orm.Claimed, person: Person, sender: Address, subject: str, text: str, html: str
) -> dict[str, Any]:
    outgoing = Outgoing(
        message_id=f"<{claimed.id}@{sender.address.rpartition('@')[2]}>",
        date=claimed.created_at,
        sender=sender,
        to=[Address(person.name, person.email)],
        subject=subject,
        text=text,
        html=html,
        automatic=True,
        marker=None,
        template=template(),
    )
    return envelope(outgoing)
