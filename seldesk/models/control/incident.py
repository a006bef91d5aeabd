import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.control.cluster import MAIN, Cluster
from seldesk.models.control.customer import SERVED, Customer
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Update = TypeVar("Update")
Severity = Literal["minor", "major", "critical"]
Scope = Literal["everyone", "data_centre", "cluster", "customers", "people"]
Step = Literal["investigating", "identified", "watching", "resolved"]
# What is told of these names nobody, so that everybody may read it.
GENERAL: Sequence[Scope] = ("everyone", "data_centre", "cluster")
# How long the status page shows what is over.
SHOWN = timedelta(days=90)
MOST = 1000
_SEPARATED = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is written before anybody is told. target is a data centre or a cluster; customers are addresses here, and
    people ids or mail addresses at those customers, each in a text with one after the other.
    """

    title: str
    text: str
    severity: Severity
    scope: Scope
    target: str = ""
    customers: str = ""
    people: str = ""
    components: Sequence[str] = ()
    public: bool = False


class Incident(orm.Model, table="incidents", schema="control"):
    """Something that went wrong, and whom it concerns. Drafts are nobody's business yet."""

    id: orm.Column[UUID] = orm.key()
    title: orm.Column[str] = orm.text()
    # Before it is published what its first update will say; then that says it.
    text: orm.Column[str] = orm.text(default="")
    severity: orm.Column[str] = orm.choice("minor", "major", "critical")
    scope: orm.Column[str] = orm.choice("everyone", "data_centre", "cluster", "customers", "people")
    target: orm.Column[str] = orm.text(default="")
    customers: orm.Column[list[str]] = orm.texts()
    # Until their customers' databases have found them: after that only those databases know who they are.
    people: orm.Column[list[str]] = orm.texts()
    components: orm.Column[list[str]] = orm.texts()
    # Told on the status page and in its feed.
    public: orm.Column[bool] = orm.flag(default=False)
    state: orm.Column[str] = orm.choice("draft", "open", "resolved", default="draft")
    # What the reports say of causes and of what was changed.
    account: orm.Column[str] = orm.text(default="")
    created_at: orm.Column[datetime] = orm.time()
    published_at: orm.Column[datetime | None] = orm.time(optional=True)
    resolved_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (
        orm.index("incidents_public", "published_at", where="public and state <> 'draft'"),
        orm.check("incidents_public", "not public or scope in ('everyone', 'data_centre', 'cluster')"),
    )

    @classmethod
    async def draft(cls, draft: Draft) -> Self:
        incident = cls.add(
            title="", severity=draft.severity, scope=draft.scope, created_at=surroundings().now, state="draft"
        )
        await incident.revise(draft)
        return incident

    async def revise(self, draft: Draft) -> None:
        """Invalid names what does not fit together."""
        if self.state != "draft":
            raise rpc.Conflict("This is published already. Write an update.")
        customers, people = _named(draft.customers), _named(draft.people)
        await _check(draft, customers, people)
        self.title, self.text, self.severity, self.scope = draft.title, draft.text, draft.severity, draft.scope
        self.target = draft.target if draft.scope in ("data_centre", "cluster") else ""
        self.customers = customers if draft.scope in ("customers", "people") else []
        self.people = people if draft.scope == "people" else []
        self.components = sorted(set(draft.components))
        self.public = draft.scope == "everyone" or (draft.public and draft.scope in GENERAL)

    @classmethod
    async def locked(cls, incident: UUID, *states: str) -> Self:
        """One writes to it at a time. Conflict when it is in none of these states."""
        found = await cls.where(cls.id == incident).lock().one()
        if found.state not in states:
            raise rpc.Conflict("This is not possible any more: somebody else has published or resolved it.")
        return found

    async def say(self, step: Step, text: str, by: UUID) -> "IncidentUpdate":
        """From now on it is said. What is resolved can come back."""
        now = surroundings().now
        self.state, self.resolved_at = ("resolved", now) if step == "resolved" else ("open", None)
        self.published_at = self.published_at or now
        update = IncidentUpdate.add(incident_id=self.id, step=step, text=text, by_id=by, at=now)
        await orm.flush()
        return update

    @classmethod
    async def forget(cls, slug: str) -> None:
        """Nothing says any more that this customer was concerned, but the id of what it was sent."""
        without = orm.function("array_remove", cls.customers, slug)
        await cls.where(orm.any_of(cls.customers, slug)).update(customers=without)

    @classmethod
    async def listed(cls, shape: type[Shape], state: str, cursor: str | None) -> orm.Page[Shape]:
        query = cls.where(cls.state == state) if state else cls.query()
        return await query.page(shape, by=(cls.id,), size=50, cursor=cursor, **cls.facts())

    @classmethod
    def facts(cls) -> dict[str, Any]:
        return {
            "id": cls.id,
            "title": cls.title,
            "severity": cls.severity,
            "scope": cls.scope,
            "target": cls.target,
            "components": cls.components,
            "public": cls.public,
            "state": cls.state,
            "created_at": cls.created_at,
            "published_at": cls.published_at,
            "resolved_at": cls.resolved_at,
        }

    @classmethod
    async def told(cls, shape: type[Shape], update: type[Update]) -> list[Shape]:
        """What everybody may read: what is under way, and what was not so long ago; the newest first."""
        recent = cls.where(
            cls.public,
            cls.state != "draft",
            orm.or_(cls.state == "open", cls.resolved_at > surroundings().now - SHOWN),
        )
        columns = {**cls.facts(), "updates": IncidentUpdate.newest_first(cls.id, update)}
        return await recent.order_by(cls.published_at.desc(), cls.id.desc()).limit(500).into(shape, **columns)


class IncidentUpdate(orm.Model, table="incident_updates", schema="control"):
    """What was said of an incident, and when. Written once, never changed: people were told."""

    id: orm.Column[UUID] = orm.key()
    incident_id: orm.Column[UUID] = orm.reference("control.incidents.id", delete="cascade")
    step: orm.Column[str] = orm.choice("investigating", "identified", "watching", "resolved")
    text: orm.Column[str] = orm.text()
    by_id: orm.Column[UUID] = orm.reference("control.staff.id", index=False)
    at: orm.Column[datetime] = orm.time()

    @classmethod
    def newest_first(cls, incident: Any, shape: type[Shape]) -> Any:
        """For a row of incidents."""
        said = cls.where(cls.incident_id == incident).order_by(cls.at.desc(), cls.id.desc()).limit(200)
        return said.as_list(shape, id=cls.id, step=cls.step, text=cls.text, at=cls.at)


def _named(text: str) -> list[str]:
    return list(dict.fromkeys(one.lower() for one in _SEPARATED.split(text) if one))


async def _check(draft: Draft, customers: Sequence[str], people: Sequence[str]) -> None:
    around, wrong = surroundings(), dict[str, str]()
    if not {*draft.components} <= around.service.components.keys():
        wrong["components"] = "There is no such part of the service."
    if draft.scope == "data_centre" and draft.target not in around.offer.data_centres:
        wrong["target"] = "Choose a data centre."
    if draft.scope == "cluster" and not await _is_cluster(draft.target):
        wrong["target"] = "Choose a cluster."
    if draft.scope in ("customers", "people"):
        wrong |= await _check_customers(customers)
    if draft.scope == "people" and not 0 < len(people) <= MOST:
        wrong["people"] = f"Name them by their addresses or ids, one a line, {MOST} at most."
    if draft.scope == "everyone" and not draft.components:
        wrong["components"] = "Choose what of the service is concerned: the status page shows it there."
    if wrong:
        raise rpc.Invalid(fields=wrong)


async def _is_cluster(name: str) -> bool:
    return name == MAIN or await Cluster.where(Cluster.name == name).exists()


async def _check_customers(named: Sequence[str]) -> dict[str, str]:
    if not 0 < len(named) <= MOST:
        return {"customers": f"Name them by their addresses here, one a line, {MOST} at most."}
    served = Customer.where(Customer.slug.in_(named), Customer.state.in_(SERVED)).limit(MOST)
    missing = [one for one in named if one not in {each.slug for each in await served.all()}]
    return {"customers": f"No such customer is served: {', '.join(missing[:5])}."} if missing else {}
