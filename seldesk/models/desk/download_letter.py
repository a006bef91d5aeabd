"""Writes out what owners are told when something was made that holds all of their data."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.desk.person import Person
from seldesk.models.envelope import envelope, template
from seldesk.surroundings import surroundings

KINDS = ("download",)
OFFERED_FOR = timedelta(hours=24)
THE_OPERATOR = "the operator"
# By kind: what it is, what is in it, and where in the control panel it is found.
MADE = {
    "export": ("An export of everything", "tickets, mails, files and people", "settings/export"),
    "backup": ("A backup to take away", "the database, without its secrets and without files", "settings/backups"),
}
SAID = "{what} in {customer} was made: {holds}. It was asked for by {who}."
LINK = "Owners can download it for a day, until {until:%d %B %Y, %H:%M} UTC:"
OPERATORS = "The operator has it, at the command line; there is nothing to download here."
STRANGE = "If nobody among you knows of this, change that person's password and write to the operator at once."


async def write(task: UUID, payload: Mapping[str, Any], *, created: datetime) -> dict[str, Any] | None:
    """None for one who is no owner any more."""
    around = surroundings()
    owner = Person.where(Person.id == UUID(payload["person"]), Person.role == "owner", Person.disabled_at.is_(None))
    person = await owner.first()
    if person is None:
        return None
    asked_by = payload["asked_by"]
    by = await Person.where(Person.id == UUID(asked_by)).first() if asked_by else None
    who = f"{by.name} ({by.email})" if by else "somebody who is not here any more" if asked_by else THE_OPERATOR
    what, holds, path = MADE[payload["kind"]]
    customer, domain = around.customer, around.addresses.mail_domain(around.customer.slug)
    said = [SAID.format(what=what, holds=holds, customer=customer.name, who=who)]
    said.append(LINK.format(until=created + OFFERED_FOR) if asked_by else OPERATORS)
    link = f"{around.addresses.customer(customer.slug)}/{path}" if asked_by else ""
    linked = f'<p><a href="{escape(link)}">{escape(link)}</a></p>' if link else ""
    return envelope(
        Outgoing(
            message_id=f"<{task}@{domain}>",
            date=created,
            sender=Address(customer.name, f"no-reply@{domain}"),
            to=[Address(person.name, person.email)],
            subject=f"{what} was made",
            text="\n\n".join(filter(None, [*said, link, STRANGE, f"-- \n{customer.name}\n"])),
            html="".join(f"<p>{escape(one)}</p>" for one in said)
            + f'{linked}<p>{STRANGE}</p><p class="foot">{escape(customer.name)}</p>',
            automatic=True,
            marker=None,
            template=template(),
        )
    )
