"""Writes out what the primary address of a customer is told of staff in its account, and of ways in that they made.
Nothing of what is in it, and none of its people: these are in the customer's own audit.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orm
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.control.access import Access
from seldesk.models.control.access_grant import AccessGrant
from seldesk.models.control.customer import Customer
from seldesk.models.control.staff import Staff
from seldesk.models.envelope import envelope, template
from seldesk.surroundings import surroundings

ENDED, BROKEN = "access ended", "access broken"
WayIn = Literal["token made", "person added", "factors removed"]
SCOPES = {"read": "They could read, and change nothing.", "write": "They could read and write."}
ENDS = {
    "stopped": "They ended it.",
    "idle": "It ended because nothing was done for 15 minutes.",
    "over": "It ended because its time was over.",
    "grant": "It ended because staff access was turned off or ran out.",
    "subject": "It ended because the person in whose name they acted is not active any more.",
    "staff": "It ended because their session or account at Seldesk ended.",
}
SEE = "All that was done is in your settings, page by page:"
# Subject, what was done, the page of the settings that has more, and what it has.
WAYS_IN: Mapping[WayIn, tuple[str, str, str, str]] = {
    "token made": (
        "Seldesk has made a token in {host}",
        "With a command on its machine, Seldesk has made a token with which a program may act as one of your people. "
        "They were told as well. If you have not asked for it, revoke it.",
        "tokens",
        "Whose it is, and what it may, is in your settings:",
    ),
    "person added": (
        "Seldesk has added somebody to {host}",
        "With a command on its machine, Seldesk has made a link by which somebody sets a password and works in your "
        "helpdesk. If you have not asked for it, disable them.",
        "audit",
        "Who it is stands in the audit in your settings:",
    ),
    "factors removed": (
        "Seldesk has removed second factors in {host}",
        "With a command on its machine, Seldesk has removed all second factors of one of your people, because they "
        "were said to be lost. They were told as well. Until they add a new one, their password alone leads in.",
        "audit",
        "Who it is stands in the audit in your settings:",
    ),
}


async def ended(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None where nobody is there any more who could be told."""
    access = await Access.where(Access.id == UUID(claimed.payload["access"])).first()
    customer = await _customer(access.customer_id) if access else None
    if access is None or customer is None:
        return None
    return _letter(claimed, customer, "Seldesk staff were in {host}", await _ended(access))


async def broken(claimed: orm.Claimed) -> dict[str, Any] | None:
    """As before."""
    grant = await AccessGrant.where(AccessGrant.id == UUID(claimed.payload["grant"])).first()
    customer = await _customer(grant.customer_id) if grant else None
    if grant is None or customer is None:
        return None
    return _letter(claimed, customer, "Seldesk staff come into {host}", await _broken(grant))


async def way_in(claimed: orm.Claimed) -> dict[str, Any] | None:
    """As before."""
    customer = await _customer(UUID(claimed.payload["customer"]))
    subject, made, page, see = next(words for what, words in WAYS_IN.items() if what == claimed.kind)
    return None if customer is None else _letter(claimed, customer, subject, [made], page, see)


async def _customer(customer: UUID) -> Customer | None:
    return await Customer.where(Customer.id == customer, Customer.primary_email != "").first()


async def _ended(access: Access) -> list[str]:
    staff, grant = await Staff.get(access.staff_id), await AccessGrant.get(access.grant_id)
    began, ended = access.started_at or access.requested_at, access.ended_at or access.until
    return [
        f"{staff.name} of Seldesk’s support was in your helpdesk on {_day(began)}, from {began:%H:%M} to {ended:%H:%M} "
        f"UTC, because of ticket #{access.ticket}. The reason they gave: {access.reason}",
        f"{SCOPES[access.scope]} They asked for {access.calls} pages and actions. {ENDS.get(access.ended, '')}".strip(),
        *_lawful(grant),
    ]


async def _broken(grant: AccessGrant) -> list[str]:
    asked = await Staff.get(grant.asked_by) if grant.asked_by else None
    approved = await Staff.get(grant.approved_by) if grant.approved_by else None
    until = grant.until or grant.asked_at
    return [
        f"You have not turned staff access on. {asked.name if asked else 'Somebody'} of Seldesk has asked for it all "
        f"the same, and {approved.name if approved else 'a colleague'} has approved it: staff may come into your "
        f"helpdesk until {_day(until)}, {until:%H:%M} UTC. The reason they gave: {grant.reason}",
        *_lawful(grant),
        "You can end it now in your settings. You will be told of each time that somebody was there.",
    ]


def _lawful(grant: AccessGrant) -> list[str]:
    return [f"An authority has asked for it by law: {grant.legal_reference}"] if grant.legal_reference else []


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _letter(
    claimed: orm.Claimed,
    customer: Customer,
    subject: str,
    said: Sequence[str],
    page: str = "staff-access",
    see: str = SEE,
) -> dict[str, Any]:
    addresses = surroundings().addresses
    link = f"{addresses.customer(customer.slug)}/settings/{page}"
    foot = f"Seldesk, {addresses.site()}"
    return envelope(
        Outgoing(
            message_id=f"<{claimed.id}@{addresses.base}>",
            date=claimed.created_at,
            sender=Address("Seldesk", f"no-reply@{addresses.base}"),
            to=[Address(customer.primary_name, customer.primary_email)],
            subject=subject.format(host=f"{customer.slug}.{addresses.base}"),
            text="\n\n".join([*said, f"{see}\n\n{link}", f"-- \n{foot}\n"]),
            html="".join(f"<p>{escape(one)}</p>" for one in (*said, see))
            + f'<p><a href="{escape(link)}">{escape(link)}</a></p><p class="foot">{escape(foot)}</p>',
            automatic=True,
            marker=None,
            template=template(),
        )
    )
