"""The operator's log: what its people, its commands and its checks did. What is said here is never changed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar, Literal, TypeVar
from uuid import UUID

import orm
from rpc import Kind
from seldesk.caller import Caller
from seldesk.models.control.limit import Limit
from seldesk.models.control.staff import Staff
from seldesk.models.facts import Facts, plain
from seldesk.models.limit import Window
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
By, About = Staff.alias("by"), Staff.alias("about")
KEPT = timedelta(days=400)
SIZE, LONGEST_FACT = 50, 500
# Who tries in vain fills no disk: so many refusals of one person in so much time are written down.
DENIALS = Window("staff denied", 20, timedelta(hours=1))
StaffDeed = Literal[
    "added",
    "link made",
    "password chosen",
    "password changed",
    "password refused",
    "factor refused",
    "signed in",
    "proved again",
    "signed out",
    "session ended",
    "factor added",
    "factor removed",
    "recovery code used",
    "recovery codes made",
    "roles changed",
    "factors reset",
    "disabled",
    "enabled",
    "job asked for",
    "check asked for",
    "incident written",
    "incident discarded",
    "incident published",
    "incident updated",
    "incident resolved",
    "incident sent again",
    "report written",
    "disclosure opened",
    "customer told of disclosure",
    "bar of notice recorded",
    "disclosure export begun",
    "disclosure exported",
    "disclosure closed",
    "finding entered",
    "finding handed over",
    "finding closed",
    "customer operated",
    "placing changed",
]


class OperatorHead(orm.chain.Head, table="operator_heads", schema="control"):
    """How many entries there are, and the hash of the last."""


class OperatorFacts(Facts, table="operator_facts", schema="control"):
    """Addresses, names of factors, reasons: what the law lets one keep for a while only."""

    at: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.at < surroundings().now - KEPT).delete()


class OperatorEntry(orm.chain.Link, table="operator_log", schema="control"):
    """One act: when, what, who of the staff (None for a command or a program), about whom of them, with which
    customer, under which access. commitment is over the facts that stand beside it as long as they may.
    """

    HEAD: ClassVar = OperatorHead
    NAME: ClassVar = "operator"

    id: orm.Column[UUID] = orm.key()
    happened_at: orm.Column[datetime] = orm.time()
    kind: orm.Column[str] = orm.text()
    outcome: orm.Column[str] = orm.text()
    staff_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    about_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    customer_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    access_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    # What lasts as long as the entry: no names, no addresses.
    objects: orm.Column[dict[str, Any]] = orm.json()
    commitment: orm.Column[bytes | None] = orm.binary(optional=True)

    indexes = (
        orm.index("operator_log_staff", "staff_id", "number"),
        orm.index("operator_log_about", "about_id", "number"),
        orm.index("operator_log_customer", "customer_id", "number"),
        orm.index("operator_log_kind", "kind", "number"),
        orm.index("operator_log_happened", "happened_at"),
    )

    @property
    def told(self) -> bytes:
        return plain(
            {
                "id": self.id,
                "happened_at": self.happened_at.astimezone(UTC),
                "kind": self.kind,
                "outcome": self.outcome,
                "staff_id": self.staff_id,
                "about_id": self.about_id,
                "customer_id": self.customer_id,
                "access_id": self.access_id,
                "objects": self.objects,
                "commitment": self.commitment,
            }
        )

    @classmethod
    async def append(
        cls,
        kind: str,
        *,
        staff_id: UUID | None,
        customer_id: UUID | None,
        access_id: UUID | None,
        outcome: str,
        facts: Mapping[str, str | int | None],
    ) -> None:
        """Another entry, attached to the chain as the last statement of the running call; undone with it."""
        cls.record(kind, staff_id=staff_id, customer_id=customer_id, access_id=access_id, outcome=outcome, facts=facts)

    @classmethod
    def note(
        cls,
        caller: Caller,
        staff: UUID,
        what: StaffDeed,
        detail: str = "",
        *,
        customer: UUID | None = None,
        **objects: UUID,
    ) -> None:
        """What happened with the credentials of one of the staff, and what they did there, with which customer. Whoever
        signs in is nobody yet: what they do is put down to the account they name.
        """
        by = None if caller.kind is Kind.COMMAND else caller.actor or staff
        refused = what in ("password refused", "factor refused")
        facts = {"detail": detail, **where(caller)}
        cls.record(
            what,
            staff_id=by,
            about_id=staff,
            customer_id=customer,
            outcome="denied" if refused else "done",
            facts=facts,
            objects={name: str(value) for name, value in objects.items()},
        )

    @classmethod
    async def deny(cls, caller: Caller, method: str) -> None:
        """One of the staff was refused what they asked for."""
        if await Limit.take(DENIALS, str(caller.id)):
            facts = {"method": method, **where(caller)}
            cls.record("denied", staff_id=caller.id, outcome="denied", facts=facts)

    @classmethod
    def record(
        cls,
        kind: str,
        *,
        outcome: str = "done",
        facts: Mapping[str, str | int | None] = MappingProxyType({}),
        objects: Mapping[str, Any] = MappingProxyType({}),
        **ids: UUID | None,
    ) -> None:
        """The same, for those who know that it waits for nothing. objects last as long as the entry, facts need not."""
        around = surroundings()
        entry = cls(happened_at=around.now, kind=kind, outcome=outcome, objects=dict(objects), **ids)
        told = {name: _short(value) for name, value in facts.items() if value not in (None, "")}
        entry.commitment = OperatorFacts.beside(entry.id, told, at=around.now)
        around.trail.operators.append(entry)

    @classmethod
    async def verify(cls, after: int = 0) -> orm.chain.Checked:
        """The chain from there on, and what stands beside its entries."""
        return await OperatorFacts.check(cls, cls.id, cls.commitment, after)

    @classmethod
    async def head(cls) -> tuple[int, bytes]:
        found = await OperatorHead.query().first()
        return (found.count, found.hash) if found else (0, b"")

    @classmethod
    async def newest(cls, staff: UUID, shape: type[Shape], limit: int = 30) -> list[Shape]:
        """What one of the staff did or had done to them."""
        theirs = cls.where((cls.staff_id == staff) | (cls.about_id == staff)).order_by(cls.number.desc())
        facts = OperatorFacts.facts
        columns = {
            "what": cls.kind,
            "detail": orm.coalesce(facts["detail"].astext, ""),
            "address": orm.coalesce(facts["address"].astext, ""),
            "at": cls.happened_at,
            "by": orm.coalesce(By.name, "A command"),
        }
        joined = theirs.join(By, By.id == cls.staff_id, optional=True).join(
            OperatorFacts, OperatorFacts.entry_id == cls.id, optional=True
        )
        return await joined.limit(limit).into(shape, **columns)


def where(caller: Caller) -> dict[str, str]:
    """From where a caller came, and in which request."""
    return {"address": caller.address, "request": caller.request_id}


def _short(value: str | int | None) -> str | int | None:
    return value[:LONGEST_FACT] if isinstance(value, str) else value
