from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

import orm
from seldesk.caller import STAFF_FOR, Caller
from seldesk.models.desk.event_words import EventWords
from seldesk.models.desk.person import Person
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
# Those that say no more than the message beside them are not shown in the timeline.
WRITTEN = ("replied", "noted", "received", "mentioned")
# Who is told of a ticket stands beside it.
UNSHOWN = (*WRITTEN, "followed", "unfollowed")
# What may name a person stands apart, where it can be erased.
ERASABLE = frozenset({"cc", "subject", "reason"})
Giver, Taker = Person.alias("giver"), Person.alias("taker")


class Event(orm.Model, table="events", schema="log"):
    """One change of a ticket: who, what, before, after. Rows are added and never changed, so they name people by
    their ids alone.
    """

    id: orm.Column[UUID] = orm.key()
    ticket_id: orm.Column[UUID] = orm.identifier()
    actor_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    actor_kind: orm.Column[str] = orm.text()
    # Of the operator's staff, where one of them acts in that person's name.
    on_behalf_by: orm.Column[UUID | None] = orm.identifier(optional=True)
    kind: orm.Column[str] = orm.text()
    before: orm.Column[dict[str, Any]] = orm.json()
    after: orm.Column[dict[str, Any]] = orm.json()
    request_id: orm.Column[str] = orm.text()
    bulk_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    created_at: orm.Column[datetime] = orm.time()

    indexes = (
        orm.index("events_ticket", "ticket_id", "created_at"),
        orm.index("events_bulk", "bulk_id", where="bulk_id is not null"),
    )

    @classmethod
    def record(
        cls, caller: Caller, ticket: UUID, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        event = cls.add(
            ticket_id=ticket,
            actor_id=caller.actor,
            actor_kind=str(caller.kind),
            on_behalf_by=caller.on_behalf_by,
            kind=kind,
            before=_lasting(before),
            after=_lasting(after),
            request_id=caller.request_id,
            bulk_id=caller.bulk,
            created_at=surroundings().now,
        )
        words = _erasable(before), _erasable(after)
        if any(words):
            EventWords.add(event_id=event.id, ticket_id=ticket, before=words[0], after=words[1])
        surroundings().news.changed(ticket, caller.actor)

    @classmethod
    async def of_bulk(cls, bulk: UUID) -> list[Self]:
        return await cls.where(cls.bulk_id == bulk).order_by(cls.id).all()

    @classmethod
    async def of_ticket(cls, ticket: UUID, shape: type[Shape]) -> list[Shape]:
        """The newest 500, oldest first, without those that say no more than a message does."""
        rows = await cls._of_ticket(shape).read(ticket=ticket)
        return rows[::-1]

    @classmethod
    @orm.kept
    def _of_ticket(cls, shape: type[Shape]) -> "orm.Prepared[Shape]":
        newest = (
            cls.where(cls.ticket_id == orm.parameter("ticket", cls.ticket_id), ~cls.kind.in_(UNSHOWN))
            .join(Person, Person.id == cls.actor_id, optional=True)
            .join(EventWords, EventWords.event_id == cls.id, optional=True)
            .join(Giver, Giver.id == _person(cls.before), optional=True)
            .join(Taker, Taker.id == _person(cls.after), optional=True)
            .order_by(cls.created_at.desc(), cls.id.desc())
            .limit(500)
        )
        return orm.Prepared(
            newest,
            shape,
            id=cls.id,
            kind=cls.kind,
            actor=_by(orm.coalesce(Person.name, cls.actor_kind)),
            before=_told(cls.before, EventWords.before, Giver.name),
            after=_told(cls.after, EventWords.after, Taker.name),
            created_at=cls.created_at,
        )


def _by(name: orm.Expression) -> orm.Expression:
    """With the operator's staff where one of them did it in this name."""
    return orm.case((Event.on_behalf_by.is_not(None), orm.function("concat", STAFF_FOR, name)), otherwise=name)


def _lasting(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ERASABLE}


def _erasable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in ERASABLE and value}


def _person(values: Any) -> orm.Expression:
    """Whom it is about."""
    return orm.function("uuid", values["id"].astext)


def _told(values: Any, words: Any, name: Any) -> orm.Expression:
    """With the words that are still there, and what the person is called today."""
    named = orm.function("jsonb_strip_nulls", orm.function("jsonb_build_object", "assignee", name))
    told: orm.Expression = values.concat(orm.coalesce(words, orm.function("jsonb_build_object"))).concat(named)
    return told
