"""Letters of the helpdesk itself to one of its people, which nobody can answer."""

from collections.abc import Sequence
from typing import Any

import orm
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.desk.person import Person
from seldesk.models.envelope import envelope, lines, template
from seldesk.surroundings import surroundings


def no_reply(
    claimed: orm.Claimed,
    person: Person,
    subject: str,
    said: Sequence[str],
    *,
    title: str = "",
    link: str = "",
    last: str = "",
    thread: str = "",
) -> dict[str, Any]:
    """said is in paragraphs, below the title and above the link; last stands below that. Programs show as one what
    names the same thread.
    """
    around = surroundings()
    name, domain = around.customer.name, around.addresses.mail_domain(around.customer.slug)
    html = [
        f"<p><b>{escape(title)}</b></p>" if title else "",
        *(f"<p>{lines(one)}</p>" for one in said),
        f'<p><a href="{escape(link)}">{escape(link)}</a></p>' if link else "",
        f"<p>{escape(last)}</p>" if last else "",
        f'<p class="foot">{escape(name)}</p>',
    ]
    return envelope(
        Outgoing(
            message_id=f"<{claimed.id}@{domain}>",
            date=claimed.created_at,
            sender=Address(name, f"no-reply@{domain}"),
            to=[Address(person.name, person.email)],
            subject=subject,
            text="\n\n".join(filter(None, [title, *said, link, last, f"-- \n{name}\n"])),
            html="".join(html),
            in_reply_to=thread or None,
            references=[thread] if thread else (),
            automatic=True,
            marker=None,
            template=template(),
        )
    )
