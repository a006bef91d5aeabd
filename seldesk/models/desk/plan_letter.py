"""Writes out what owners are told of their plan's limits: a trial that ends or has ended, storage that fills."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orm
from seldesk.models.desk import storing
from seldesk.models.desk.no_reply import no_reply
from seldesk.models.desk.person import Person
from seldesk.offer import Plan
from seldesk.surroundings import surroundings

NEARLY = 90  # percent
SUBJECTS = {
    "trial_ends": "The trial of {name} ends on {day}",
    "trial_over": "The trial of {name} is over",
    "storage_nearly": "The storage of {name} is nearly full",
    "storage_full": "The storage of {name} is full",
}
KEPT = "Your plan {plan} has room for {most:g} GB of files and mails, and {kept:.1f} GB are kept."
SAID = {
    "trial_ends": (
        "The trial of the helpdesk {name} ends on {day}. From then on all of it can be read and nothing changed, and "
        "mail to it waits with the senders' servers, which try again for some days.",
        "To go on as before, choose a plan until then:",
    ),
    "trial_over": (
        "The trial of the helpdesk {name} ended on {day}. All of it can be read and nothing changed, and mail to it "
        "waits with the senders' servers, which try again for some days. Nothing is lost.",
        "Choose a plan, and it is open again at once:",
    ),
    "storage_nearly": (
        KEPT,
        "When it is full, nobody can attach files in the browser any more. Mail comes in all the same, with what is "
        "attached to it. A larger plan has more room:",
    ),
    "storage_full": (
        KEPT,
        "Nobody can attach files in the browser until there is room. Mail comes in all the same, with what is "
        "attached to it. A larger plan has more room:",
    ),
}


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None when it is not so any more, or for one who is no owner any more."""
    around, payload = surroundings(), claimed.payload
    news, about = payload["news"], datetime.fromisoformat(payload["about"])
    owner = Person.where(Person.id == UUID(payload["person"]), Person.role == "owner", Person.disabled_at.is_(None))
    person, plan = await owner.first(), around.plan
    if person is None or plan is None:
        return None
    kept = await storing.stored() if news.startswith("storage") else 0
    if not _holds(news, about, plan, kept):
        return None
    customer = around.customer
    facts: dict[str, Any] = {"name": customer.name, "day": f"{about.day} {about:%B %Y}", "plan": plan.name}
    facts |= {"most": plan.storage_bytes / 2**30, "kept": kept / 2**30}
    said = [one.format(**facts) for one in SAID[news]]
    link = f"{around.addresses.customer(customer.slug)}/settings/account"
    return no_reply(claimed, person, SUBJECTS[news].format(**facts), said, link=link)


def _holds(news: str, about: datetime, plan: Plan, kept: int) -> bool:
    """Somebody may have chosen another plan, or made room, since this was asked for."""
    customer = surroundings().customer
    match news:
        case "trial_ends":
            return customer.trial_ends_at == about and customer.suspended_by != "trial"
        case "trial_over":
            return customer.suspended_by == "trial"
    return kept * 100 >= plan.storage_bytes * NEARLY
