"""Writes out what owners are told when something was made that holds all of their data."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import orm
from seldesk.models.desk.no_reply import no_reply
from seldesk.models.desk.person import Person
from seldesk.surroundings import surroundings

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


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None for one who is no owner any more."""
    around, payload = surroundings(), claimed.payload
    owner = Person.where(Person.id == UUID(payload["person"]), Person.role == "owner", Person.disabled_at.is_(None))
    person = await owner.first()
    if person is None:
        return None
    asked_by = payload["asked_by"]
    by = await Person.where(Person.id == UUID(asked_by)).first() if asked_by else None
    who = f"{by.name} ({by.email})" if by else "somebody who is not here any more" if asked_by else THE_OPERATOR
    what, holds, path = MADE[payload["kind"]]
    customer = around.customer
    said = [SAID.format(what=what, holds=holds, customer=customer.name, who=who)]
    said.append(LINK.format(until=claimed.created_at + OFFERED_FOR) if asked_by else OPERATORS)
    link = f"{around.addresses.customer(customer.slug)}/{path}" if asked_by else ""
    return no_reply(claimed, person, f"{what} was made", said, link=link, last=STRANGE)
