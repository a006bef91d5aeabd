"""Writes out what somebody is told of their own way in: by mail, because who changed it may sit at their browser."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orm
from seldesk.models.desk.no_reply import no_reply
from seldesk.models.desk.person import Person
from seldesk.surroundings import surroundings

# By kind: subject, and what happened.
SAID = {
    "new_device": (
        "Signed in from a new browser",
        "Somebody signed in to {customer} as you, in a browser that you had not used here before.",
    ),
    "password_changed": (
        "Your password was changed",
        "The password of your account at {customer} was changed. Your other sessions and your tokens are over.",
    ),
    "factor_added": ("A second factor was added", "A second factor was added to your account at {customer}."),
    "factor_removed": (
        "A second factor was removed",
        "A second factor was removed from your account at {customer}. Your other sessions and tokens are over.",
    ),
    "token_made": (
        "A token was made in your name",
        "The operator of {customer} has made a token with which a program may act as you, by a command on its machine. "
        "An owner can revoke it in the settings.",
    ),
    "factors_reset": (
        "Your second factors were removed",
        "All second factors of your account at {customer} were removed, because they were said to be lost. Until you "
        "add a new one, the password alone leads in.",
    ),
}
WHEN = "When: {at:%d %B %Y, %H:%M} UTC"
WHERE = "Browser: {browser}\nAddress: {address}"
YOURS = "If it was you, there is nothing to do."
STRANGE = "If it was not you, choose a new password at once, which ends all sessions:"


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None for one who is not here any more."""
    around = surroundings()
    person = await Person.where(Person.id == UUID(claimed.payload["person"]), Person.disabled_at.is_(None)).first()
    if person is None:
        return None
    customer = around.customer
    subject, happened = SAID[claimed.kind]
    said = [happened.format(customer=customer.name), _facts(claimed.payload, claimed.created_at), YOURS, STRANGE]
    link = f"{around.addresses.customer(customer.slug)}/{'desk/' if person.works_here else ''}forgot"
    return no_reply(claimed, person, subject, said, link=link)


def _facts(payload: Mapping[str, Any], created: datetime) -> str:
    when = WHEN.format(at=created)
    if "address" not in payload:
        return when
    known = {"browser": payload["browser"] or "unknown", "address": payload["address"] or "unknown"}
    return f"{when}\n{WHERE.format(**known)}"
