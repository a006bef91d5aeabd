"""Writes out that a report is there, for the primary address of the customer that has asked for it. What it says is
read by its owners, in their settings, and in no mail.
"""

from typing import Any
from uuid import UUID

import orm
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.control.customer import SERVED, Customer
from seldesk.models.control.incident import Incident
from seldesk.models.control.incident_report import IncidentReport
from seldesk.models.envelope import envelope, template
from seldesk.surroundings import surroundings

ASKED = (
    "On {asked} the full report of this incident was asked for at {host}. It is there: what happened, what we have "
    "changed, and all that was said meanwhile."
)
READ = "Its owners read it and take it out, as HTML or as PDF, here:"


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None where nobody is there any more who could be told."""
    report = await IncidentReport.where(IncidentReport.id == UUID(claimed.payload["report"])).first()
    if report is None:
        return None
    named = Customer.where(Customer.id == report.customer_id, Customer.state.in_(SERVED), Customer.primary_email != "")
    customer, incident = await named.first(), await Incident.get(report.incident_id)
    return None if customer is None else _letter(claimed, customer, incident, report)


def _letter(claimed: orm.Claimed, customer: Customer, incident: Incident, report: IncidentReport) -> dict[str, Any]:
    addresses = surroundings().addresses
    host, page = f"{customer.slug}.{addresses.base}", f"{addresses.customer(customer.slug)}/settings/incidents"
    asked = ASKED.format(asked=f"{report.asked_at.day} {report.asked_at:%B %Y}", host=host)
    foot = f"Seldesk, {addresses.site()}"
    return envelope(
        Outgoing(
            message_id=f"<{claimed.id}@{addresses.base}>",
            date=claimed.created_at,
            sender=Address("Seldesk", f"no-reply@{addresses.base}"),
            to=[Address(customer.primary_name, customer.primary_email)],
            subject=f"The report is there: {incident.title}",
            text="\n\n".join([incident.title, asked, f"{READ}\n{page}", f"-- \n{foot}\n"]),
            html=f"<p><b>{escape(incident.title)}</b></p><p>{escape(asked)}</p>"
            + f'<p>{READ} <a href="{escape(page)}">{escape(page)}</a></p><p class="foot">{escape(foot)}</p>',
            # It stands with the mails of the incident.
            references=[f"<incident.{incident.id}@{addresses.base}>"],
            automatic=True,
            marker=None,
            template=template(),
        )
    )
