from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk.models.control.customer import Customer
from seldesk.models.control.incident import Incident, IncidentUpdate
from seldesk.models.control.incident_affected import Affected
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
# A webhook that was away for longer is not told any more: the feed has it.
TRIED_FOR = timedelta(hours=24)
MOST_AGAIN = 1000
NO_ADDRESS = "No primary address is known."
GONE = "The customer has left, or has no primary address any more."


@dataclass(frozen=True, slots=True)
class _Count:
    state: str
    number: int
    repeated: int


class IncidentDelivery(orm.Model, table="incident_deliveries", schema="control"):
    """What became of one update at one recipient: a customer's primary address, people at a customer, a webhook.

    Its id is in the mail's Message-ID. Of people only counts are known here.
    """

    id: orm.Column[UUID] = orm.key()
    incident_id: orm.Column[UUID] = orm.reference("control.incidents.id", delete="cascade", index=False)
    update_id: orm.Column[UUID] = orm.reference("control.incident_updates.id", delete="cascade", index=False)
    kind: orm.Column[str] = orm.choice("customer", "people", "webhook")
    # Whose: a customer, or the host of a webhook.
    customer_id: orm.Column[UUID | None] = orm.reference("control.customers.id", optional=True, delete="set null")
    host: orm.Column[str] = orm.text(default="")
    # No two of one update at one recipient.
    once: orm.Column[str] = orm.text(unique=True)
    state: orm.Column[str] = orm.choice("waiting", "sent", "failed", default="waiting")
    # How often it was handed over again, because the worker before had died with it: the same mail each time.
    repeats: orm.Column[int] = orm.integer(default=0)
    error: orm.Column[str] = orm.text(default="")
    found: orm.Column[int] = orm.integer(default=0)
    missing: orm.Column[int] = orm.integer(default=0)
    mails_sent: orm.Column[int] = orm.integer(default=0)
    mails_failed: orm.Column[int] = orm.integer(default=0)
    created_at: orm.Column[datetime] = orm.time()
    ended_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (
        orm.index("incident_deliveries_incident", "incident_id", "id"),
        orm.index("incident_deliveries_waiting", "kind", "id", where="state = 'waiting'"),
    )

    @classmethod
    async def prepare(cls, incident: Incident, update: IncidentUpdate, to: Iterable[Affected]) -> list["UUID"]:
        """One for each of them; answers those that a mail goes out for."""
        kind, now = "people" if incident.scope == "people" else "customer", surroundings().now
        made = [
            cls.add(
                incident_id=incident.id,
                update_id=update.id,
                kind=kind,
                customer_id=one.id,
                once=f"{update.id}:{one.id}",
                state="waiting" if one.email or kind == "people" else "failed",
                error="" if one.email or kind == "people" else NO_ADDRESS,
                created_at=now,
                ended_at=None if one.email or kind == "people" else now,
            )
            for one in to
        ]
        await orm.flush()
        return [one.id for one in made if one.kind == "customer" and one.state == "waiting"]

    @classmethod
    async def prepare_webhooks(cls, hosts: Collection[str]) -> None:
        """What was said in public within a day and they have not been told of."""
        recent = IncidentUpdate.where(IncidentUpdate.at > surroundings().now - TRIED_FOR)
        public = recent.join(Incident, (Incident.id == IncidentUpdate.incident_id) & Incident.public)
        for update in await public.order_by(IncidentUpdate.id).limit(100).all():
            for host in hosts:
                told = {"incident_id": update.incident_id, "update_id": update.id, "kind": "webhook", "host": host}
                zeros = dict.fromkeys(("repeats", "found", "missing", "mails_sent", "mails_failed"), 0)
                rest = {"state": "waiting", "error": "", "created_at": surroundings().now, **zeros}
                _ = await orm.insert_or_skip(cls, {**told, **rest, "once": f"{update.id}:{host}"})

    @classmethod
    async def waiting(cls, kind: str) -> list["IncidentDelivery"]:
        return await cls.where(cls.kind == kind, cls.state == "waiting").order_by(cls.id).limit(1000).all()

    def end(self, state: str, error: str = "") -> None:
        self.state, self.error, self.ended_at = state, error, surroundings().now

    @classmethod
    async def failures(cls, incident: UUID, delivery: UUID | None) -> list["IncidentDelivery"]:
        """Of this incident, or the one: what did not come through and could be tried again, under its lock. Of people
        the mails stand in their customers' own outboxes.
        """
        failed = cls.where(cls.incident_id == incident, cls.state == "failed", cls.kind != "people")
        chosen = failed if delivery is None else failed.where(cls.id == delivery)
        return await chosen.order_by(cls.id).limit(MOST_AGAIN).lock().all()

    @property
    def handed_over(self) -> bool:
        """Before it failed somebody was asked to take it, and may have it all the same."""
        return self.error not in (NO_ADDRESS, GONE)

    def wait(self) -> None:
        """To be told after all."""
        self.state, self.error, self.ended_at = "waiting", "", None

    @property
    def over(self) -> bool:
        return surroundings().now - self.created_at > TRIED_FOR

    @classmethod
    async def listed(cls, incident: UUID, shape: type[Shape], cursor: str | None, state: str = "") -> orm.Page[Shape]:
        own = cls.where(cls.incident_id == incident)
        if state:
            own = own.where(cls.state == state)
        named = own.join(Customer, Customer.id == cls.customer_id, optional=True)
        columns: dict[str, Any] = {
            "id": cls.id,
            "kind": cls.kind,
            "slug": orm.coalesce(Customer.slug, ""),
            "name": orm.coalesce(Customer.name, cls.host),
            "state": cls.state,
            "repeats": cls.repeats,
            "error": cls.error,
            "found": cls.found,
            "missing": cls.missing,
            "mails_sent": cls.mails_sent,
            "mails_failed": cls.mails_failed,
            "created_at": cls.created_at,
            "ended_at": cls.ended_at,
        }
        return await named.page(shape, by=(cls.id,), size=50, cursor=cursor, **columns)

    @classmethod
    async def counts(cls, incident: UUID) -> dict[str, int]:
        """State -> how many, and under "repeated" how many of all went out again."""
        grouped = cls.where(cls.incident_id == incident).group_by(cls.state)
        columns = {"state": cls.state, "number": orm.count(), "repeated": orm.count(where=cls.repeats > 0)}
        found = await grouped.limit(10).into(_Count, **columns)
        return {one.state: one.number for one in found} | {"repeated": sum(one.repeated for one in found)}
