"""Incidents: written, looked at before anybody is told, published, and what became of it at each recipient."""

from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import frame
from seldesk.methods.console.incident_shapes import (
    Choices,
    Delivery,
    IncidentFacts,
    IncidentPage,
    IncidentsPage,
    Letter,
    PreviewPage,
    Recipient,
    WritePage,
    facts,
    written,
)
from seldesk.methods.control.incidents import Public, Update, as_told, everybodys
from seldesk.models import control as models
from seldesk.service import Told
from seldesk.surroundings import surroundings

STAFF = (rpc.Kind.STAFF,)
READ, WRITE = "console.incidents", "console.incidents.write"
SAMPLE = 100
State = Literal["draft", "open", "resolved"]
Delivered = Literal["waiting", "sent", "failed"]
Severity = models.Severity
Scope = models.Scope
Step = Literal["investigating", "identified", "watching"]
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\r\n]*$(?!\n)")]
Said = Annotated[str, Meta(min_length=1, max_length=10_000)]
Named = Annotated[str, Meta(max_length=100_000)]
Components = Annotated[list[rpc.Line], Meta(max_length=50)]


@rpc.public(READ, kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller, state: State | None = None, cursor: str | None = None) -> IncidentsPage:
    """All that the list of incidents shows, the newest first."""
    found = await models.Incident.listed(IncidentFacts, state or "", cursor)
    return IncidentsPage(frame(caller), found.items, found.next, found.previous)


@rpc.public(WRITE, kinds=STAFF, realm="control", reads=True)
async def blank(caller: Caller, incident: UUID | None = None) -> WritePage:
    """What the page for writing one shows; with a draft, what it says."""
    found = None if incident is None else await models.Incident.get(incident)
    return WritePage(frame(caller), await _choices(), None if found is None else written(found))


@rpc.public(READ, kinds=STAFF, realm="control", reads=True)
async def read(
    caller: Caller, incident: UUID, state: Delivered | None = None, cursor: str | None = None
) -> IncidentPage:
    """One incident: what was said, and what became of it at each recipient, or at those in one state."""
    found = await models.Incident.get(incident)
    said = models.IncidentUpdate.where(models.IncidentUpdate.incident_id == incident)
    update = models.IncidentUpdate
    columns = {"id": update.id, "step": update.step, "text": update.text, "at": update.at}
    listed = await models.IncidentDelivery.listed(incident, Delivery, cursor, state or "")
    return IncidentPage(
        frame(caller),
        facts(found),
        [*surroundings().service.components.values()],
        found.text,
        await said.order_by(update.at.desc(), update.id.desc()).limit(200).into(Update, **columns),
        found.customers,
        await models.IncidentDelivery.counts(incident),
        listed.items,
        listed.next,
        listed.previous,
    )


@rpc.public(READ, kinds=STAFF, realm="control", reads=True)
async def preview(caller: Caller, incident: UUID) -> PreviewPage:
    """Exactly what everybody and each of those concerned would be told of a draft now."""
    found = await models.Incident.get(incident)
    if found.state != "draft":
        raise rpc.Conflict("This is published already.")
    now = surroundings().now
    to = await models.incident_affected.sample(found, SAMPLE)
    number, without = await models.incident_affected.numbers(found)
    mailed = [one for one in to if one.email] if found.scope != "people" else []
    return PreviewPage(
        frame(caller),
        facts(found),
        [_as_published(found, now), *await everybodys()] if found.public else None,
        _letter(found, mailed[0], now) if mailed else None,
        [Recipient(one.slug, one.name, one.email) for one in to],
        number,
        0 if found.scope == "people" else without,
        len(found.people),
    )


@rpc.public(WRITE, kinds=STAFF, realm="control")
async def draft(
    caller: Caller,
    title: Title,
    text: Said,
    severity: Severity,
    scope: Scope,
    data_centre: str = "",
    cluster: str = "",
    customers: Named = "",
    people: Named = "",
    components: Components = [],  # noqa: B006
    public: bool = False,
) -> UUID:
    """Write one down. Nobody is told before it is published."""
    said = _draft(title, text, severity, scope, data_centre, cluster, customers, people, components, public)
    incident = await models.Incident.draft(said)
    models.OperatorEntry.note(caller, caller.id, "incident written", title)
    return incident.id


@rpc.public(WRITE, kinds=STAFF, realm="control")
async def revise(
    caller: Caller,
    incident: UUID,
    title: Title,
    text: Said,
    severity: Severity,
    scope: Scope,
    data_centre: str = "",
    cluster: str = "",
    customers: Named = "",
    people: Named = "",
    components: Components = [],  # noqa: B006
    public: bool = False,
) -> None:
    """Change a draft."""
    found = await models.Incident.locked(incident, "draft")
    said = _draft(title, text, severity, scope, data_centre, cluster, customers, people, components, public)
    await found.revise(said)


@rpc.public(WRITE, kinds=STAFF, realm="control")
async def discard(caller: Caller, incident: UUID) -> None:
    """Forget a draft."""
    found = await models.Incident.locked(incident, "draft")
    models.OperatorEntry.note(caller, caller.id, "incident discarded", found.title)
    await models.Incident.where(models.Incident.id == incident).delete()


@rpc.public(WRITE, kinds=STAFF, realm="control")
async def publish(caller: Caller, incident: UUID, step: Step = "investigating") -> None:
    """Tell everybody, or everybody concerned. It cannot be taken back."""
    found = await models.Incident.get(incident)
    models.OperatorEntry.note(caller, caller.id, "incident published", found.title)
    await models.incident_telling.publish(incident, step, caller.id)


@rpc.public(WRITE, kinds=STAFF, realm="control")
async def update(caller: Caller, incident: UUID, step: Step, text: Said) -> None:
    """Say how it stands. After the end: it has come back."""
    found = await models.Incident.get(incident)
    models.OperatorEntry.note(caller, caller.id, "incident updated", found.title)
    await models.incident_telling.say(incident, step, text, caller.id)


@rpc.public(WRITE, kinds=STAFF, realm="control")
async def resolve(caller: Caller, incident: UUID, text: Said) -> None:
    """Say that it is over."""
    found = await models.Incident.get(incident)
    models.OperatorEntry.note(caller, caller.id, "incident resolved", found.title)
    await models.incident_telling.say(incident, "resolved", text, caller.id)


def _draft(
    title: str,
    text: str,
    severity: Severity,
    scope: Scope,
    data_centre: str,
    cluster: str,
    customers: str,
    people: str,
    components: list[str],
    public: bool,
) -> models.Draft:
    return models.Draft(
        title=title,
        text=text,
        severity=severity,
        scope=scope,
        target={"data_centre": data_centre, "cluster": cluster}.get(scope, ""),
        customers=customers,
        people=people,
        components=components,
        public=public,
    )


async def _choices() -> Choices:
    around = surroundings()
    centres = {each.code: each.city for region in around.offer.regions.values() for each in region.data_centres}
    known = await models.Cluster.query().order_by(models.Cluster.name).limit(1000).all()
    clusters = list(dict.fromkeys(["main", *(one.name for one in known)]))
    return Choices([*around.service.components.values()], centres, clusters)


def _as_published(found: models.Incident, now: datetime) -> Told:
    first = Update(found.id, "investigating", found.text, now)
    return as_told(
        Public(
            found.id,
            found.title,
            found.severity,
            found.scope,
            found.target,
            [*found.components],
            found.public,
            "open",
            found.created_at,
            now,
            None,
            [first],
        )
    )


def _letter(found: models.Incident, to: models.Affected, now: datetime) -> Letter:
    """Read out of the finished mail, so that it cannot say anything else."""
    said = models.incident_letter.Said("investigating", found.text, now, first=True)
    mail = message_from_bytes(models.incident_letter.compose(found.id, found, said, to)["raw"], policy=default)
    parts = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    text, html = ("" if part is None else str(part.get_content()) for part in parts.values())
    return Letter(str(mail["To"]), str(mail["Subject"]), text, html)
