"""The audit: who did what to this customer. What is said here is never changed, and nobody is named here."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import ClassVar
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.limit import Limit
from seldesk.models.facts import Facts, plain
from seldesk.models.limit import Window
from seldesk.surroundings import surroundings

LONGEST_FACT = 255
# Who tries in vain fills no disk: so many refusals of one person in so much time are written down.
DENIALS = Window("denied", 20, timedelta(hours=1))


class AuditHead(orm.chain.Head, table="audit_heads", schema="app"):
    """How many entries there are, and the hash of the last."""


class AuditFacts(Facts, table="audit_facts", schema="app"):
    """The names and addresses of an entry."""


class AuditEntry(orm.chain.Link, table="audit", schema="log"):
    """One act: when, who, what, on what. commitment is over the facts that stand beside it as long as they may."""

    HEAD: ClassVar = AuditHead
    NAME: ClassVar = "audit"

    id: orm.Column[UUID] = orm.key()
    happened_at: orm.Column[datetime] = orm.time()
    kind: orm.Column[str] = orm.text()
    method: orm.Column[str] = orm.text()
    outcome: orm.Column[str] = orm.choice("attempt", "done", "failed", "denied")
    actor_kind: orm.Column[str] = orm.text()
    actor_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    # Of the operator's staff, where one of them acts in a customer's name.
    on_behalf_by: orm.Column[UUID | None] = orm.identifier(optional=True)
    person_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    objects: orm.Column[dict[str, str]] = orm.json()
    request_id: orm.Column[str] = orm.text()
    commitment: orm.Column[bytes | None] = orm.binary(optional=True)

    indexes = (
        orm.index("audit_actor", "actor_id", "number"),
        orm.index("audit_person", "person_id", "number"),
        orm.index("audit_kind", "kind", "number"),
        orm.index("audit_happened", "happened_at"),
        orm.index("audit_access", "(objects ->> 'access')", "number", where="(objects ->> 'access') is not null"),
        orm.index("audit_attempt", "(objects ->> 'attempt')", where="(objects ->> 'attempt') is not null"),
    )

    @property
    def told(self) -> bytes:
        return plain(
            {
                "id": self.id,
                "happened_at": self.happened_at.astimezone(UTC),
                "kind": self.kind,
                "method": self.method,
                "outcome": self.outcome,
                "actor_kind": self.actor_kind,
                "actor_id": self.actor_id,
                "on_behalf_by": self.on_behalf_by,
                "person_id": self.person_id,
                "objects": self.objects,
                "request_id": self.request_id,
                "commitment": self.commitment,
            }
        )

    @classmethod
    def prepare(
        cls,
        caller: Caller,
        kind: str,
        method: str,
        *,
        actor: UUID | None = None,
        named: Mapping[str, str] = MappingProxyType({}),
    ) -> UUID | None:
        """The entry of the running call, from what it said of itself: to be appended when all else is written. Its id.

        actor is who did it where that is not the caller; named are objects that have no id but a name.
        """
        around = surroundings()
        trail = around.trail
        if trail.repeats:
            return None
        staff = trail.staff or caller.on_behalf_by
        entry = cls(
            happened_at=around.now,
            kind=kind,
            method=method,
            outcome=trail.outcome,
            actor_kind="staff" if staff else str(caller.kind),
            actor_id=actor or caller.actor,
            on_behalf_by=staff,
            person_id=trail.person,
            objects={**{name: str(value) for name, value in trail.objects.items()}, **named},
            request_id=caller.request_id,
            commitment=None,
        )
        told = {"by": caller.name if caller.actor else "", "by_email": caller.email, "address": caller.address}
        if caller.acting is not None:
            told |= {"staff": caller.acting.staff, "reason": caller.acting.reason}
        facts = {name: value[:LONGEST_FACT] for name, value in {**told, **trail.facts}.items() if value}
        entry.commitment = AuditFacts.beside(entry.id, facts)
        trail.entry = entry
        return entry.id

    @classmethod
    async def deny(cls, caller: Caller, method: str) -> None:
        """Somebody who is known here was refused what they asked for."""
        if await Limit.take(DENIALS, str(caller.id)):
            surroundings().trail.outcome = "denied"
            cls.prepare(caller, "denied", method)
