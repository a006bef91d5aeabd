"""Open pages hear of what happens: the hub of a process, with a room for each customer whose pages are open.

A page is told ids and versions, and reads anew by its own rights. Nothing here holds a transaction or a connection:
whether a session is not over and what its person may see is asked by one call for all pages of a customer, before
anything is passed on and at the latest every `checked_every` seconds.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

import structlog

import rpc
from seldesk.methods.desk import live
from seldesk.methods.desk.live import Audience, Listener, Opening
from seldesk.news import Heard
from seldesk.surroundings import Customer
from seldesk.web import words
from seldesk.web.pace import Pace
from seldesk.web.presence import Presence
from seldesk.web.stream import Stream, Streaming

log = structlog.get_logger()
# Seconds. With a check every 45, a session that is over has no stream after 60, whatever the database does.
ANSWERED_WITHIN, AGAIN_AFTER = 5.0, 2.0
# Of one call.
MOST_TICKETS = 100
MOST_SESSIONS = 500


class TooManyStreams(rpc.Unavailable):
    """So many pages listen already that this one is not told of changes. Load it anew to see them."""

    code = "too_many_streams"


class TooManyOfYours(rpc.TooMany):
    """So many pages of yours listen already that this one is not told of changes. Load it anew to see them."""

    code = "too_many_streams"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Streams, and seconds."""

    in_process: int = 2000
    # A quarter of them: whatever one helpdesk does, the pages of others listen on.
    of_customer: int = 500
    of_person: int = 20
    checked_every: float = 45.0
    heartbeat: float = 15.0
    present: float = 25.0
    # What could not be checked for so long ends: better no news than news for somebody who left.
    unchecked: float = 55.0


class Hub:
    """All open pages of a process."""

    def __init__(self, calling: Callable[[rpc.Credential], rpc.Call], bounds: Bounds = Bounds()) -> None:
        self._calling = calling
        self._bounds = bounds
        self.pace = Pace()
        self._rooms: dict[UUID, Room] = {}
        self._closed = False

    def open(self, customer: Customer, opening: Opening) -> Streaming:
        """The answer for a page that may listen; TooManyOfYours, TooManyStreams."""
        if self._closed or self.streams >= self._bounds.in_process:
            raise TooManyStreams(retry_after=30)
        room = self._rooms.get(customer.room)
        theirs: set[Stream] = room.streams if room else set()
        own = sum(1 for stream in theirs if stream.person == opening.person)
        if own >= self._bounds.of_person or len(theirs) >= self._bounds.of_customer:
            raise TooManyOfYours(retry_after=30)
        if room is None:
            credential = rpc.Credential(kind=rpc.Kind.JOB, place=customer.slug)
            room = self._rooms[customer.room] = Room(self._calling(credential), self._bounds)
        stream = Stream(opening.session, opening.person, opening.role)
        room.enter(stream)
        return Streaming(stream, heartbeat=self._bounds.heartbeat, left=lambda gone: self._leave(customer.room, gone))

    @property
    def streams(self) -> int:
        return sum(len(room.streams) for room in self._rooms.values())

    async def heard(self, payload: str) -> None:
        """What another call, here or in another process, told after its commit."""
        heard = Heard.read(payload)
        if room := self._rooms.get(heard.customer):
            room.hear(heard)

    def missed(self) -> None:
        """Something may have been told while nobody listened here."""
        for room in self._rooms.values():
            room.hear(Heard(UUID(int=0), many=True))

    async def keep(self, customers: Iterable[UUID]) -> None:
        """End the streams of all others: they are not served any more."""
        for gone in self._rooms.keys() - set(customers):
            await self._rooms.pop(gone).close()

    async def close(self) -> None:
        """End all streams and take no new ones."""
        self._closed = True
        rooms = [*self._rooms.values()]
        for room in rooms:
            await room.close()

    def _leave(self, customer: UUID, stream: Stream) -> None:
        room = self._rooms.get(customer)
        if room is not None and room.leave(stream):
            del self._rooms[customer]


@dataclass(eq=False)
class Room:
    """The open pages of one customer, and what they are still to be told."""

    call: rpc.Call
    bounds: Bounds
    streams: set[Stream] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.presence = Presence(self.bounds.present)
        self._changed: dict[UUID, UUID | None] = {}
        self._many = False
        self._bell = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    def enter(self, stream: Stream) -> None:
        self.streams.add(stream)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._attend())
        self._bell.set()

    def leave(self, stream: Stream) -> bool:
        """Whether that was the last one; then nothing is left to do here."""
        self.streams.discard(stream)
        if self.streams or self._work is None:
            return False
        self._work.cancel()
        return True

    def hear(self, heard: Heard) -> None:
        now = asyncio.get_running_loop().time()
        moved = [one for one in heard.attended if self.presence.hear(one, now)]
        self._changed |= {one.ticket: one.actor for one in heard.changed}
        self._many = self._many or heard.many
        if self._many or self._changed or moved:
            self._bell.set()

    async def close(self) -> None:
        for stream in self.streams:
            stream.end()
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    async def _attend(self) -> None:
        try:
            await self._keep_passing_on()
        except Exception:
            log.exception("live.broken")
        finally:
            # Nobody would check them any more.
            for stream in self.streams:
                stream.end()

    async def _keep_passing_on(self) -> None:
        loop = asyncio.get_running_loop()
        checked = loop.time()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._until(checked)):
                    await self._bell.wait()
            self._bell.clear()
            try:
                async with asyncio.timeout(ANSWERED_WITHIN):
                    await self._pass_on()
                checked = loop.time()
            except (rpc.Error, TimeoutError) as error:
                log.warning("live.unchecked", code=getattr(error, "code", "timeout"))
                if loop.time() - checked > self.bounds.unchecked:
                    for stream in self.streams:
                        stream.end()
                await asyncio.sleep(AGAIN_AFTER)
                self._bell.set()

    def _until(self, checked: float) -> float:
        ends = self.presence.next_end()
        check = checked + self.bounds.checked_every
        return check if ends is None else min(check, ends)

    async def _pass_on(self) -> None:
        self.presence.expire(asyncio.get_running_loop().time())
        streams = [*self.streams]
        changed, self._changed = self._changed, {}
        many, self._many = self._many or len(changed) > MOST_TICKETS, False
        moved = self.presence.news()
        shown = self.presence.tickets() if any(stream.fresh for stream in streams) else set()
        asked = (set() if many else {*changed}) | {*[*moved, *(shown - moved)][:MOST_TICKETS]}
        try:
            audience = await self._audience(streams, asked, moved | shown)
        except BaseException:
            # Nothing is lost: what was not passed on is tried again.
            self._changed, self._many = changed | self._changed, many or self._many
            raise
        self.presence.told(moved & asked)
        told = {session: [*rows] for session, rows in groupby(audience.listeners, attrgetter("session"))}
        for stream in streams:
            rows = told.get(stream.session)
            if rows is None or rows[0].role != stream.role:
                stream.end()
                continue
            _tell(stream, rows, changed, many)
            self._show(stream, rows, moved, audience.names)
        if moved - asked:
            self._bell.set()

    async def _audience(self, streams: Iterable[Stream], tickets: set[UUID], present: set[UUID]) -> Audience:
        sessions = list({stream.session for stream in streams})
        people = {person for ticket in present for person in self.presence.of(ticket)}
        listeners: list[Listener] = []
        names: dict[UUID, str] = {}
        for at in range(0, len(sessions), MOST_SESSIONS):
            part = sessions[at : at + MOST_SESSIONS]
            found = await self.call(live.audience, sessions=part, tickets=list(tickets), people=list(people)[:1000])
            listeners += found.listeners
            names |= found.names
        return Audience(sorted(listeners, key=attrgetter("session")), names)

    def _show(self, stream: Stream, rows: list[Listener], moved: set[UUID], names: dict[UUID, str]) -> None:
        for row in rows:
            if row.ticket is None or not (row.ticket in moved or stream.fresh):
                continue
            there = self.presence.of(row.ticket)
            if there or row.ticket in moved:
                people = [_person(one, names[one], doing) for one, doing in there.items() if one in names]
                others = [one for one in people if one["id"] != stream.person]
                stream.put("presence", {"number": row.number, "people": others})
        stream.fresh = False


def _tell(stream: Stream, rows: list[Listener], changed: dict[UUID, UUID | None], many: bool) -> None:
    if many:
        stream.put("again", None)
        return
    told = [
        {
            "number": row.number,
            "message": row.message,
            "at": row.changed_at,
            "mine": changed[row.ticket] == stream.person,
        }
        for row in rows
        if row.ticket in changed
    ]
    if told:
        stream.put("tickets", told)


def _person(person: UUID, name: str, doing: str) -> dict[str, Any]:
    shown = {"initials": words.initials(name), "tint": words.tint(name)}
    return {"id": person, "name": name, "doing": doing, **shown}
