"""Writes out what owners are told when their helpdesk is closed, and once more before its data is erased."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orm
from seldesk.models.desk.no_reply import no_reply
from seldesk.models.desk.person import Person
from seldesk.surroundings import surroundings

# The state of the customer ends it before: with the purge nothing can be taken back.
GOOD_FOR = timedelta(days=400)
SUBJECTS = {"closed": "{name} is closed", "erased_soon": "{name} is erased in 14 days"}
SAID = {
    "closed": "The helpdesk {name} was terminated on {left}, and nothing of it can be reached any more.",
    "erased_soon": "The helpdesk {name} was terminated on {left}. This is the last word before its end.",
}
ERASED = "On {day} at {erased:%H:%M} UTC all its data is erased: tickets, mails, files and people."
BACK = "Until then you can take it back by this link. Everybody signs in anew after that:"
UNWANTED = "If all is as you want it, do nothing."


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None when it was taken back meanwhile, or there is nobody to write to."""
    customer, payload = surroundings().customer, claimed.payload
    left = datetime.fromisoformat(payload["terminated_at"])
    person = await Person.where(Person.id == UUID(payload["person"]), Person.disabled_at.is_(None)).first()
    if person is None or customer.terminated_at != left or customer.erase_at is None:
        return None
    erased = customer.erase_at
    said = [
        SAID[claimed.kind].format(name=customer.name, left=_day(left)),
        ERASED.format(day=_day(erased), erased=erased),
        BACK,
    ]
    subject = SUBJECTS[claimed.kind].format(name=customer.name)
    return no_reply(claimed, person, subject, said, link=return_link(left), last=UNWANTED)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def return_link(terminated_at: datetime) -> str:
    """Where an owner takes it back. It holds for this one termination, so it can be used once."""
    around = surroundings()
    content = {"terminated_at": terminated_at.isoformat()}
    token = around.signer.sign("return", content, terminated_at + GOOD_FOR)
    return f"{around.addresses.customer(around.customer.slug)}/return/{token}"
