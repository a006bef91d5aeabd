"""People here who are told of an incident: found, written to from here, and counted. Who they are stays here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import orm
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Person
from seldesk.surroundings import surroundings

KIND = "announcement"


@dataclass(frozen=True, slots=True)
class Announced:
    """What is said; before stands in front of the title of what is not the first."""

    incident: UUID
    update: UUID
    title: str
    before: str
    text: str


@dataclass(frozen=True, slots=True)
class Counts:
    """fresh: somebody was not told before."""

    found: int
    missing: int
    sent: int
    failed: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Told:
    group: str


@dataclass(frozen=True, slots=True)
class _State:
    state: str
    number: int


async def tell(said: Announced, named: Sequence[str]) -> Counts:
    """Write to those who are named, by address or id, and to those who were told of this incident before. Said again,
    nobody is written to again.
    """
    people = await _named(named)
    fresh = False
    for person in sorted(people | await _told_before(said.incident)):
        fresh = await _post(said, person) or fresh
    states = await _states(said)
    found, sent = sum(states.values()), states.get("done", 0)
    failed = sum(states.get(one, 0) for one in ("dead", "unknown", "superseded"))
    return Counts(found, len(named) - len(people), sent, failed, fresh)


async def _named(named: Sequence[str]) -> set[UUID]:
    ids = {one for text in named if (one := _id(text)) is not None}
    found = Person.where(orm.or_(Person.email.in_(named), Person.id.in_(ids))).limit(len(named) + 1)
    return {one.id for one in await found.all()}


async def _told_before(incident: UUID) -> set[UUID]:
    told = Outbox.where(Outbox.group.startswith(f"{KIND}:{incident}:")).group_by(Outbox.group)
    rows: Iterable[_Told] = await told.limit(10_000).into(_Told, group=Outbox.group)
    return {UUID(row.group.rpartition(":")[2]) for row in rows}


async def _post(said: Announced, person: UUID) -> bool:
    named = {"person": str(person), "incident": str(said.incident), "before": said.before}
    posted = await Outbox.enqueue(
        KIND,
        {**named, "title": said.title, "text": said.text},
        now=surroundings().now,
        key=f"{KIND}:{said.update}:{person}",
        # One after the other, as they were said.
        group=f"{KIND}:{said.incident}:{person}",
    )
    return posted is not None


async def _states(said: Announced) -> dict[str, int]:
    own = Outbox.where(Outbox.key.startswith(f"{KIND}:{said.update}:")).group_by(Outbox.state)
    return {one.state: one.number for one in await own.limit(10).into(_State, state=Outbox.state, number=orm.count())}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
