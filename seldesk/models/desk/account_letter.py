"""Mails about signing in. They say nothing that somebody typed, and go to the address that is on record."""

from datetime import timedelta
from typing import Any

import orm
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.desk.letter import signature
from seldesk.models.desk.mailbox import Mailbox, threading
from seldesk.models.desk.mailed_link import MailedLink
from seldesk.models.desk.person import Person
from seldesk.models.envelope import envelope, lines, template
from seldesk.surroundings import surroundings

# Nobody waits longer before the page: what comes later would only be a riddle.
WANTED_FOR = timedelta(hours=1)
UNASKED = "If it was not you, do nothing: without the link nothing happens."


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """The letter, with a link that nobody else has; None when there is nobody to write to, or it is too late."""
    around = surroundings()
    person = await Person.where(Person.email == claimed.payload["email"], Person.disabled_at.is_(None)).first()
    if person is None or around.now - claimed.created_at > WANTED_FOR:
        return None
    name, mailbox = around.customer.name, await Mailbox.first_one()
    signed = signature(mailbox)
    sender = Address(name, mailbox.address if mailbox else f"support@{threading().domain}")
    subject, words, link = _said(claimed.kind, person)
    outgoing = Outgoing(
        message_id=threading().message_id(person.id, claimed.id),
        date=claimed.created_at,
        sender=sender,
        to=[Address("", person.email)],
        subject=subject,
        text=f"{words}\n\n{link}\n\n{UNASKED}\n\n-- \n{signed}\n",
        html=f'<p>{words}</p><p><a href="{escape(link)}">{escape(link)}</a></p><p>{UNASKED}</p>'
        f'<p class="foot">{lines(signed)}</p>',
        automatic=True,
        marker=None,
        template=template(),
    )
    return {**envelope(outgoing), "links": person.email}


def _said(kind: str, person: Person) -> tuple[str, str, str]:
    """Subject, words and link."""
    around = surroundings()
    if kind == "password":
        words = "Somebody asked to choose a new password for this address. This link does it, once, within an hour:"
        return "Choose a new password", words, MailedLink.issue(person, "password")
    if person.works_here:
        words = "Somebody asked to sign in with this address. Who works here signs in with a password:"
        return "How you sign in", words, f"{around.addresses.customer(around.customer.slug)}/desk/sign-in"
    words = "Somebody asked to sign in with this address. This link does it, once, within ten minutes:"
    return "Your link to sign in", words, MailedLink.issue(person, "sign_in")
