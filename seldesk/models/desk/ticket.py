from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Self
from uuid import UUID

from msgspec import UNSET, UnsetType

import orm
import rpc
from rpc import Kind
from seldesk.caller import Caller
from seldesk.errors import TicketClosed, TicketMerged, TicketRemoved
from seldesk.models.desk.event import Event
from seldesk.models.desk.mailbox import Mailbox
from seldesk.models.desk.organisation import Organisation
from seldesk.models.desk.person import WORKERS, Person
from seldesk.models.desk.searchable import Searchable
from seldesk.models.desk.team import Membership, Team
from seldesk.surroundings import surroundings

UNSOLVED = ("new", "open", "waiting")
PRIORITIES = ("low", "normal", "high", "urgent")
MOST_TAGS = 50
_UNSOLVED = "status in ('new', 'open', 'waiting') and removed is null"


class NoSuchAgent(rpc.Invalid):
    """There is no such agent."""

    def __init__(self) -> None:
        super().__init__(fields={"assignee": self._words})


class TooManyTags(rpc.Conflict):
    """A ticket has 50 tags at most. Remove some first."""

    code = "too_many_tags"


class Ticket(orm.Model, table="tickets", schema="app"):
    """One matter of one requester, from the first mail to the solution."""

    id: orm.Column[UUID] = orm.key()
    number: orm.Column[int] = orm.counter()
    subject: orm.Column[str] = orm.text()
    preview: orm.Column[str] = orm.text(default="")
    status: orm.Column[str] = orm.choice("new", "open", "waiting", "solved", "closed")
    priority: orm.Column[str] = orm.choice(*PRIORITIES)
    # The priority as a number, by which lists are sorted.
    urgency: orm.Column[int] = orm.integer()
    tags: orm.Column[list[str]] = orm.texts()
    # Beside the status, which stands again when the ticket is restored.
    removed: orm.Column[str | None] = orm.choice("spam", "deleted", "merged", optional=True)
    # Where it goes on when it was merged. No foreign key: rows are written in the order of tables, not within one.
    merged_into_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    channel: orm.Column[str] = orm.choice("mail", "desk", "portal", "api")
    requester_id: orm.Column[UUID] = orm.reference("app.people.id", index=False)
    assignee_id: orm.Column[UUID | None] = orm.reference("app.people.id", optional=True, index=False)
    team_id: orm.Column[UUID | None] = orm.reference("app.teams.id", optional=True, index=False)
    mailbox_id: orm.Column[UUID | None] = orm.reference("app.mailboxes.id", optional=True, index=False)
    # Who gets each reply beside the requester: those whom an agent chose.
    cc: orm.Column[list[str]] = orm.texts()
    # No foreign key: messages point here, and two tables that point at each other have no order.
    last_message_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    created_at: orm.Column[datetime] = orm.time()
    updated_at: orm.Column[datetime] = orm.time()
    solved_at: orm.Column[datetime | None] = orm.time(optional=True)

    # Most are for lists without what was removed: so a count of one reads the index alone.
    indexes = (
        orm.index("tickets_updated", "updated_at", "id"),
        orm.index("tickets_status", "status", "updated_at", "id", where="removed is null"),
        orm.index("tickets_assignee", "assignee_id", "updated_at", "id", where=_UNSOLVED),
        orm.index("tickets_team", "team_id", "updated_at", "id", where=_UNSOLVED),
        orm.index("tickets_unsolved", "updated_at", "id", where=_UNSOLVED),
        orm.index("tickets_requester", "requester_id", "updated_at", "id"),
        orm.index("tickets_created", "created_at", "id"),
        orm.index("tickets_urgency", "urgency", "updated_at", "id"),
        orm.index("tickets_unsolved_created", "created_at", "id", where=_UNSOLVED),
        orm.index("tickets_unsolved_urgency", "urgency", "updated_at", "id", where=_UNSOLVED),
        orm.index("tickets_of", "assignee_id", "updated_at", "id"),
        orm.index("tickets_tags", "tags", using="gin"),
        orm.index("tickets_tagged", "updated_at", where="cardinality(tags) > 0"),
        orm.index("tickets_removed", "updated_at", "id", where="removed in ('spam', 'deleted')"),
        orm.index("tickets_merged", "merged_into_id", where="merged_into_id is not null"),
    )

    @classmethod
    def visible_to(cls, caller: Caller) -> tuple[orm.Condition, ...]:
        """The conditions under which this caller sees a ticket: none for those who work on all of them."""
        if caller.kind is Kind.LINK:
            return cls.id == caller.ticket, cls.requester_id == caller.id, cls.removed.is_(None)
        if caller.role == "limited":
            return (cls.within_reach(caller.id),)
        if caller.may("tickets.read") or caller.kind in (Kind.MAIL, Kind.JOB):
            return ()
        asked: orm.Condition = cls.requester_id == caller.id
        if caller.kind is Kind.PERSON:
            asked = orm.or_(asked, cls.requester_id.in_(Organisation.colleagues(caller.id)))
        return asked, cls.removed.is_(None)

    @classmethod
    def within_reach(cls, person: UUID | orm.Expression) -> orm.Condition:
        """What a limited agent sees: their own and their teams'."""
        return orm.or_(cls.assignee_id == person, cls.team_id.in_(Membership.teams_of(person)))

    @classmethod
    def visible_to_worker(cls) -> orm.Condition:
        """The same rule for a query with many people in it who work here."""
        return orm.or_(Person.role != "limited", cls.within_reach(Person.id))

    @classmethod
    def seen_by(cls, caller: Caller) -> "orm.Query[Self]":
        """What this caller may not see is not in it."""
        return cls.where(*cls.visible_to(caller))

    def readers(self) -> "orm.Query[Person]":
        """Who works here and may see it: visible_to, asked the other way round."""
        return self.readers_of(self.team_id, self.assignee_id)

    @staticmethod
    def readers_of(team: Any, assignee: Any) -> "orm.Query[Person]":
        """The readers of a ticket of this team and this agent, who may be parameters."""
        in_team = Person.id.in_(Membership.members_of(team))
        theirs = orm.or_(Person.role.in_(("agent", "owner")), Person.id == assignee, in_team)
        return Person.where(Person.role.in_(WORKERS), Person.disabled_at.is_(None), theirs)

    @classmethod
    async def locked(cls, caller: Caller, number: int) -> Self:
        """The ticket for a change: whoever else changes it waits."""
        return await cls.seen_by(caller).where(cls.number == number).lock().one()

    def demand_there(self) -> None:
        """TicketMerged, TicketRemoved."""
        if self.removed is not None:
            raise TicketMerged if self.removed == "merged" else TicketRemoved

    @classmethod
    async def locked_many(cls, caller: Caller, condition: orm.Condition) -> list[Self]:
        """Locked in one order, so that two who change the same tickets never wait for each other."""
        return await cls.seen_by(caller).where(condition).order_by(cls.id).lock().all()

    @classmethod
    async def open(
        cls,
        caller: Caller,
        requester: Person,
        *,
        subject: str,
        channel: str,
        mailbox: UUID | None = None,
        priority: str = "normal",
        tags: Sequence[str] = (),
    ) -> Self:
        """It is written with its first message, and has no number before."""
        now = surroundings().now
        if mailbox is None:
            mailbox = await Mailbox.first_id()
        ticket = cls.add(
            subject=subject,
            status="new",
            priority=priority,
            urgency=PRIORITIES.index(priority),
            tags=list(dict.fromkeys(tags)),
            channel=channel,
            requester_id=requester.id,
            mailbox_id=mailbox,
            created_at=now,
            updated_at=now,
        )
        Searchable.begin(ticket.id, subject, f"{requester.name} {requester.email}")
        Event.record(caller, ticket.id, "opened", {}, {"channel": channel})
        if caller.role == "limited":
            # Else they would not see what they just opened.
            await ticket.assign(caller, caller.id)
        return ticket

    def link(self, caller: Caller, old: Self) -> None:
        """Both histories say where it goes on, and what it goes on from."""
        Event.record(caller, self.id, "linked", {}, {"ticket": old.number})
        Event.record(caller, old.id, "linked", {}, {"ticket": self.number})

    def join(self, caller: Caller, target: Self, copied: Sequence[str]) -> None:
        """It goes on in that one from here on. copied are whom the answers there go to because of this."""
        Event.record(caller, self.id, "joined", {}, {"ticket": target.number})
        Event.record(caller, target.id, "merged", {}, {"ticket": self.number, "cc": list(copied)})
        self.removed, self.merged_into_id = "merged", target.id
        self.updated_at = target.updated_at = surroundings().now

    def leave(self, caller: Caller, target: Self) -> None:
        """It goes on by itself again."""
        Event.record(caller, self.id, "left", {}, {"ticket": target.number})
        Event.record(caller, target.id, "parted", {}, {"ticket": self.number})
        self.removed = self.merged_into_id = None
        self.updated_at = target.updated_at = surroundings().now

    def turn(self, caller: Caller, status: str) -> None:
        """Set the status."""
        if status == self.status:
            return
        now = surroundings().now
        Event.record(caller, self.id, "status", {"status": self.status}, {"status": status})
        self.status, self.updated_at = status, now
        self.solved_at = now if status in ("solved", "closed") else None

    async def is_over(self) -> bool:
        """Closed so long ago that what its requester writes now is something new: its mailbox says how long."""
        if self.status != "closed" or self.solved_at is None or self.mailbox_id is None:
            return False
        days = (await Mailbox.get(self.mailbox_id)).reopens_for
        return bool(days and self.solved_at < surroundings().now - timedelta(days=days))

    async def settle(self, caller: Caller, status: Literal["open", "solved"]) -> None:
        """The requester says that it is solved, or is not; a colleague who reads it cannot know."""
        if caller.id != self.requester_id:
            raise rpc.Forbidden("Only who asked says whether it is solved. Write what you know of it.")
        if self.removed is not None:
            raise TicketRemoved
        if self.status == "closed" and (status == "solved" or await self.is_over()):
            raise TicketClosed
        if (status == "solved") is not (self.status in ("solved", "closed")):
            self.turn(caller, status)

    async def assign(self, caller: Caller, assignee: UUID | None) -> None:
        """Give it to somebody who works here, or to nobody."""
        if assignee == self.assignee_id:
            return
        names = {caller.id: caller.name} if caller.works_here else {}
        if assignee is not None and assignee not in names:
            names |= await Person.names([assignee])
        self.give(caller, assignee, names)

    def give(self, caller: Caller, assignee: UUID | None, names: Mapping[UUID, str]) -> None:
        """The same, with the names of those who can have it."""
        if assignee == self.assignee_id:
            return
        if assignee is not None and assignee not in names:
            raise NoSuchAgent
        before, self.assignee_id = self.assignee_id, assignee
        Event.record(caller, self.id, "assigned", _taker(before), _taker(assignee))
        self.updated_at = surroundings().now

    def copy_to(self, caller: Caller, cc: Sequence[str]) -> None:
        """Set who gets the replies beside the requester."""
        if list(cc) != list(self.cc):
            Event.record(caller, self.id, "cc", {"cc": list(self.cc)}, {"cc": list(cc)})
            self.cc = list(cc)

    def tag(self, caller: Caller, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Add and remove tags; whatever others did to the rest of them meanwhile stays."""
        gone = set(remove)
        self.change(caller, tags=[tag for tag in self.tags if tag not in gone] + list(add))

    def put_away(self, caller: Caller, removed: str | None) -> None:
        """Take it out of all views as spam or deleted, or restore it."""
        if removed == self.removed:
            return
        Event.record(caller, self.id, "removed", {"removed": self.removed}, {"removed": removed})
        self.removed, self.updated_at = removed, surroundings().now

    async def hand_to(self, caller: Caller, team: UUID | None) -> None:
        """Give it to a team, or to none. Whose it is stays."""
        if team == self.team_id:
            return
        concerned = Team.where(Team.id.in_([one for one in (team, self.team_id) if one is not None]))
        names = {one.id: one.name for one in await concerned.all()}
        if team is not None and team not in names:
            raise rpc.Invalid(fields={"team": "There is no such team."})
        before, after = (one and names[one] for one in (self.team_id, team))
        Event.record(caller, self.id, "team", {"team": before}, {"team": after})
        self.team_id, self.updated_at = team, surroundings().now

    async def rename(self, caller: Caller, subject: str) -> None:
        """Set the subject, by which it is found from now on."""
        if subject == self.subject:
            return
        Event.record(caller, self.id, "subject", {"subject": self.subject}, {"subject": subject})
        self.subject, self.updated_at = subject, surroundings().now
        await Searchable.rename(self.id, subject)

    def change(
        self,
        caller: Caller,
        *,
        priority: str | UnsetType = UNSET,
        tags: Sequence[str] | UnsetType = UNSET,
    ) -> None:
        """Set the fields that are given; those that stay the same leave no event."""
        wanted: dict[str, Any] = {"priority": priority}
        if tags is not UNSET:
            wanted["tags"] = list(dict.fromkeys(tags))
            if len(wanted["tags"]) > MOST_TAGS:
                raise TooManyTags
        for field, value in wanted.items():
            before = list(self.tags) if field == "tags" else getattr(self, field)
            if value is UNSET or value == before:
                continue
            Event.record(caller, self.id, field, {field: before}, {field: value})
            setattr(self, field, value)
            self.updated_at = surroundings().now
        self.urgency = PRIORITIES.index(self.priority)


def _taker(person: UUID | None) -> dict[str, Any]:
    return {} if person is None else {"id": str(person)}
