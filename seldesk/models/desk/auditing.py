"""How the audit is read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import orm
from seldesk import zones
from seldesk.models.desk.audit import AuditEntry, AuditFacts, AuditHead
from seldesk.models.desk.person import WORKERS, Person

Shape = TypeVar("Shape")
Actor, About = Person.alias("actor"), Person.alias("about")
SIZE, LINES = 50, 500


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: by somebody or about them, of one kind, from and until these days of this zone."""

    person: UUID | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"

    def conditions(self) -> list[orm.Condition]:
        entry, chosen = AuditEntry, list[orm.Condition]()
        if self.person is not None:
            chosen.append(orm.or_(entry.actor_id == self.person, entry.person_id == self.person))
        if self.kind is not None:
            chosen.append(entry.kind == self.kind)
        if self.since is not None:
            chosen.append(entry.happened_at >= zones.begins(self.since, self.zone))
        if self.until is not None:
            chosen.append(entry.happened_at < zones.ends(self.until, self.zone))
        return chosen


async def page(shape: type[Shape], chosen: Filter, cursor: str | None) -> orm.Page[Shape]:
    """The newest first."""
    listed = _shown().where(*chosen.conditions())
    return await listed.page(shape, by=(AuditEntry.number,), size=SIZE, cursor=cursor, **_columns())


async def lines(shape: type[Shape], after: int) -> list[Shape]:
    """The next 500 behind this one, the oldest first."""
    listed = _shown().where(AuditEntry.number > after).order_by(AuditEntry.number).limit(LINES)
    chained = {"id": AuditEntry.id, "commitment": AuditEntry.commitment, "hash": AuditEntry.hash}
    return await listed.into(shape, **_columns(), **chained, salt=AuditFacts.salt)


async def decided(shape: type[Shape], since: datetime) -> list[Shape]:
    """What was done with the customer as a whole from this moment on, and who was let in; the oldest first."""
    entry = AuditEntry
    mine = entry.query().join(AuditFacts, AuditFacts.entry_id == entry.id, optional=True)
    done = mine.where(entry.kind.in_(("account", "access")), entry.outcome == "done", entry.happened_at >= since)
    columns = {"happened_at": entry.happened_at, "method": entry.method, "facts": AuditFacts.facts}
    return await done.order_by(entry.number).limit(LINES).into(shape, **columns)


async def check(after: int) -> orm.chain.Checked:
    """The chain from there on, and what stands beside its entries."""
    return await AuditFacts.check(AuditEntry, AuditEntry.id, AuditEntry.commitment, after)


async def hold(ends: Mapping[int, bytes]) -> orm.chain.Checked:
    """The chain against where it ended at other times."""
    return await AuditEntry.hold(ends)


def _shown() -> "orm.Query[AuditEntry]":
    return (
        AuditEntry.query()
        .join(Actor, Actor.id == AuditEntry.actor_id, optional=True)
        .join(About, About.id == AuditEntry.person_id, optional=True)
        .join(AuditFacts, AuditFacts.entry_id == AuditEntry.id, optional=True)
    )


def _columns() -> dict[str, Any]:
    entry = AuditEntry
    return {
        "number": entry.number,
        "happened_at": entry.happened_at,
        "kind": entry.kind,
        "method": entry.method,
        "outcome": entry.outcome,
        "actor_kind": entry.actor_kind,
        "actor_id": entry.actor_id,
        "actor": Actor.name,
        "on_behalf_by": entry.on_behalf_by,
        "person_id": entry.person_id,
        "person": About.name,
        "objects": entry.objects,
        "request_id": entry.request_id,
        "facts": AuditFacts.facts,
    }


async def workers(shape: type[Shape]) -> list[Shape]:
    """Whom the page offers to look for: who works here or did."""
    known = Person.where(Person.role.in_(WORKERS)).order_by(Person.name, Person.id).limit(200)
    return await known.into(shape, id=Person.id, name=Person.name, email=Person.email)


async def knows(act: UUID, since: datetime) -> bool:
    """Whether this act of the operator, which was done then, stands here already."""
    later = AuditEntry.where(AuditEntry.happened_at >= since)
    return await later.where(AuditEntry.objects["act"].astext == str(act)).exists()


async def head() -> tuple[int, bytes]:
    found = await AuditHead.query().first()
    return (found.count, found.hash) if found else (0, b"")
