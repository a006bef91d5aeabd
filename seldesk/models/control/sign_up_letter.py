"""Writes out the mail that confirms a sign-up. It says nothing that somebody typed: anybody can name any address."""

from typing import Any
from uuid import UUID

import orm
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.control.sign_up import GOOD_FOR, SignUp
from seldesk.models.envelope import envelope, template
from seldesk.surroundings import surroundings

SUBJECT = "Confirm your mail address"
ASKED = "Somebody gave this address to sign up for a helpdesk at Seldesk. This link confirms it, once, within 24 hours:"
UNASKED = "If it was not you, do nothing: without the link nothing is made, and we forget the address in a week."


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """The letter, with a link that nobody else has; None when it was confirmed, is gone, or nobody waits any more."""
    around, created = surroundings(), claimed.created_at
    sign_up = SignUp.where(SignUp.id == UUID(claimed.payload["sign_up"]), SignUp.confirmed_at.is_(None))
    found = await sign_up.lock().first()
    if found is None or around.now - created > GOOD_FOR:
        return None
    link, domain = found.issue(), around.addresses.base
    text = f"{ASKED}\n\n{link}\n\n{UNASKED}\n\n-- \nSeldesk, {around.addresses.site()}\n"
    html = (
        f'<p>{ASKED}</p><p><a href="{escape(link)}">{escape(link)}</a></p><p>{UNASKED}</p>'
        f'<p class="foot">Seldesk, {escape(around.addresses.site())}</p>'
    )
    outgoing = Outgoing(
        message_id=f"<{claimed.id}@{domain}>",
        date=created,
        sender=Address("Seldesk", f"no-reply@{domain}"),
        to=[Address("", found.email)],
        subject=SUBJECT,
        text=text,
        html=html,
        automatic=True,
        marker=None,
        template=template(),
    )
    return {**envelope(outgoing), "confirms": found.email}
