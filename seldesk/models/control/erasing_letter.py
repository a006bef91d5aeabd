"""Writes out what the primary address of a customer is told when all of it is erased at once: it cannot be told from
the customer's own database, which is being dropped."""

from typing import Any

import orm
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.control.register import LONGEST
from seldesk.models.envelope import envelope, template
from seldesk.surroundings import surroundings

SUBJECT = "{host} is being erased"
SAID = (
    "The helpdesk at {host} was terminated on {day} at {left:%H:%M} UTC, and its erasing at once was asked for.",
    "That has begun and cannot be taken back: tickets, mails, files and people are going now, and with them the key "
    "that opened its files.",
    "The address stays taken for {days} days, so that nobody else gets mail that is meant for you. This letter was "
    "written while we still knew your address, and we forget it when it is sent.",
    "If nobody of yours has asked for it, tell your operator.",
)


async def write(claimed: orm.Claimed) -> dict[str, Any]:
    around, payload, created = surroundings(), claimed.payload, claimed.created_at
    host = f"{payload['slug']}.{around.addresses.base}"
    day = f"{created.day} {created:%B %Y}"
    said = [one.format(host=host, day=day, left=created, days=LONGEST.days) for one in SAID]
    return envelope(
        Outgoing(
            message_id=f"<{claimed.id}@{around.addresses.base}>",
            date=created,
            sender=Address("Seldesk", f"no-reply@{around.addresses.base}"),
            to=[Address(payload["name"], payload["email"])],
            subject=SUBJECT.format(host=host),
            text="\n\n".join([*said, f"-- \nSeldesk, {around.addresses.site()}\n"]),
            html="".join(f"<p>{escape(one)}</p>" for one in said)
            + f'<p class="foot">Seldesk, {escape(around.addresses.site())}</p>',
            automatic=True,
            marker=None,
            template=template(),
        )
    )
