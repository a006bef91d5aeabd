"""Writes out what one of the staff is told of their account, or of the operator's security."""

from typing import Any
from uuid import UUID

import orm
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.control.staff import Staff
from seldesk.models.envelope import envelope, template
from seldesk.surroundings import surroundings

# What happened -> subject, and the sentence that says it.
ACCOUNT = {
    "signed in": ("Signed in from a new place", "Somebody signed in to your account from a place that is new to it."),
    "password changed": ("Your password was changed", "The password of your account was changed."),
    "factor added": ("A second factor was added", "A second factor was added to your account: {detail}."),
    "factor removed": ("A second factor was removed", "A second factor was removed from your account: {detail}."),
    "recovery code used": ("A recovery code was used", "A recovery code of your account was used."),
    "recovery codes made": ("New recovery codes were made", "Your account has new recovery codes; the old are void."),
    "roles changed": ("Your roles were changed", "What your account may do was changed: {detail}."),
    "factors reset": ("Your account begins anew", "Password and second factors of your account were reset."),
    "disabled": ("Your account was disabled", "Your account was disabled, and all its sessions were ended."),
    "enabled": ("Your account was enabled", "Your account was enabled again."),
}
SECURITY = {
    "chain broken": ("A chain of the audit is broken", "A check found that an audit was changed or cut: {detail}"),
    "break glass": ("Break glass was used", "Access to a customer was opened without its consent: {detail}"),
    "break glass asked": ("Staff access waits for your approval", "{detail} Approve it within an hour, or let it be."),
    "staff added": ("Somebody was added to the staff", "An account of the staff was added: {detail}"),
    "staff reset": ("An account of the staff begins anew", "An account of the staff was reset: {detail}"),
    "staff given roles": ("Roles of the staff were changed", "What one of the staff may do was changed: {detail}"),
}
UNASKED = "If it was neither you nor somebody you know of, tell a colleague of the security role at once."
LOOK = "Look at it in the console: {address}/{place}"


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None for somebody who is not there any more."""
    around, payload, created = surroundings(), claimed.payload, claimed.created_at
    what = payload["what"]
    staff = await Staff.where(Staff.id == UUID(payload["staff"])).first()
    if staff is None:
        return None
    subject, sentence = {**ACCOUNT, **SECURITY}[what]
    said = [sentence.format(detail=payload["detail"])]
    if payload["from"]:
        said.append(f"It was at {created:%H:%M} UTC on {created.day} {created:%B %Y}, from {payload['from']}.")
    look = LOOK.format(address=around.addresses.console(), place=payload["place"])
    said.append(look if what in SECURITY else UNASKED)
    foot = f"Seldesk console, {around.addresses.console()}"
    outgoing = Outgoing(
        message_id=f"<{claimed.id}@{around.addresses.base}>",
        date=created,
        sender=Address("Seldesk", f"no-reply@{around.addresses.base}"),
        to=[Address(staff.name, staff.email)],
        subject=subject,
        text="\n\n".join([*said, f"-- \n{foot}\n"]),
        html="".join(f"<p>{escape(one)}</p>" for one in said) + f'<p class="foot">{escape(foot)}</p>',
        automatic=True,
        marker=None,
        template=template(),
    )
    return envelope(outgoing)
