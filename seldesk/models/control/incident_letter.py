"""Writes out what the primary address of a customer is told of an incident that concerns it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orm
from seldesk.mail.compose import Mailbox as Address
from seldesk.mail.compose import Outgoing
from seldesk.mail.markup import escape
from seldesk.models.control.customer import SERVED, Customer
from seldesk.models.control.incident import Incident, IncidentUpdate
from seldesk.models.control.incident_affected import Affected
from seldesk.models.control.incident_delivery import GONE, IncidentDelivery
from seldesk.models.envelope import envelope, lines, template
from seldesk.surroundings import surroundings

STEPS = {
    "investigating": "We are looking into it",
    "identified": "We know the cause",
    "watching": "It is mended, and we are watching",
    "resolved": "It is over",
}
SEVERITIES = {"minor": "Minor", "major": "Major", "critical": "Critical"}
CONCERNED = "You are told because it concerns your helpdesk at {host}, and yours is the address that we write to."
REPORT = "An owner can ask for the full report in the control panel, and has it within seven working days:"


class Told(Protocol):
    """What there is to say: an incident."""

    id: Any
    title: Any
    severity: Any
    components: Any


@dataclass(frozen=True, slots=True)
class Said:
    """What an update says, or a draft will say."""

    step: str
    text: str
    at: datetime
    first: bool


async def write(claimed: orm.Claimed) -> dict[str, Any] | None:
    """None when the customer has gone meanwhile, or nobody can be written to any more."""
    delivery = UUID(claimed.payload["delivery"])
    found = await IncidentDelivery.where(IncidentDelivery.id == delivery).lock().one()
    # Again after its worker died, or because somebody has asked for it.
    found.repeats += claimed.repeated or (claimed.attempts == 1 and claimed.payload.get("again", False))
    customer = await Customer.where(Customer.id == found.customer_id, Customer.state.in_(SERVED)).first()
    if customer is None or not customer.primary_email:
        found.end("failed", GONE)
        return None
    incident = await Incident.get(found.incident_id)
    update = await IncidentUpdate.get(found.update_id)
    earlier = IncidentUpdate.where(IncidentUpdate.incident_id == incident.id, IncidentUpdate.id < update.id)
    said = Said(update.step, update.text, update.at, first=not await earlier.exists())
    to = Affected(customer.id, customer.slug, customer.name, customer.primary_name, customer.primary_email)
    return compose(delivery, incident, said, to)


def compose(delivery: UUID, incident: Told, said: Said, to: Affected) -> dict[str, Any]:
    around = surroundings()
    domain, host = around.addresses.base, f"{to.slug}.{around.addresses.base}"
    facts = [f"{SEVERITIES[incident.severity]} incident, {said.at.day} {said.at:%B %Y, %H:%M} UTC: {STEPS[said.step]}."]
    if names := [around.service.components[one].name for one in incident.components]:
        facts.append(f"Concerned: {', '.join(names)}.")
    link = f"{around.addresses.customer(to.slug)}/settings/incidents"
    concerned, thread = CONCERNED.format(host=host), f"<incident.{incident.id}@{domain}>"
    foot = f"Seldesk, {around.addresses.site()}/status"
    return envelope(
        Outgoing(
            message_id=f"<{delivery}@{domain}>",
            date=said.at,
            sender=Address("Seldesk", f"no-reply@{domain}"),
            to=[Address(to.contact, to.email)],
            subject=f"{before(said.step, first=said.first)}{incident.title}",
            text="\n\n".join([incident.title, *facts, said.text, concerned, f"{REPORT}\n{link}", f"-- \n{foot}\n"]),
            html=f"<p><b>{escape(incident.title)}</b></p>"
            + "".join(f"<p>{escape(one)}</p>" for one in facts)
            + f"<p>{lines(said.text)}</p><p>{escape(concerned)}</p>"
            + f'<p>{REPORT} <a href="{escape(link)}">{escape(link)}</a></p>'
            + f'<p class="foot">{escape(foot)}</p>',
            # The mails of one incident stand together, whichever of them came first.
            in_reply_to=thread,
            references=[thread],
            automatic=True,
            marker=None,
            template=template(),
        )
    )


def before(step: str, *, first: bool) -> str:
    return "Resolved: " if step == "resolved" else "" if first else "Update: "
