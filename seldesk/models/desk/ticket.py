from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from msgspec import UNSET, UnsetType

import orm
import rpc
from rpc import Kind
from seldesk.caller import Caller
from seldesk.errors import TicketClosed
from seldesk.models.desk.event import Event
from seldesk.models.desk.mailbox import Mailbox
from seldesk.models.desk.person import Person
from seldesk.models.desk.searchable import Searchable
from seldesk.models.desk.team import Membership, Team
from seldesk.surroundings import surroundings

UNSOLVED = ("new", "open", "waiting")


class Ticket(orm.Model, table="tickets", schema="app"):
    """One matter of one requester, from the first mail to the solution."""

    id: orm.Column[UUID] = orm.key()
    number: orm.Column[int] = orm.counter()
    subject: orm.Column[str] = orm.text()
    preview: orm.Column[str] = orm.text(default="")
    status: orm.Column[str] = orm.choice("new", "open", "waiting", "solved", "closed")
    priority: orm.Column[str] = orm.choice("low", "normal", "high", "urgent")
    tags: orm.Column[list[str]] = orm.texts()
    channel: orm.Column[str] = orm.choice("mail", "desk", "portal", "api")
    requester_id: orm.Column[UUID] = orm.reference("app.people.id", index=False)
    assignee_id: orm.Column[UUID | None] = orm.reference("app.people.id", optional=True, index=False)
    team_id: orm.Column[UUID | None] = orm.reference("app.teams.id", optional=True, index=False)
    mailbox_id: orm.Column[UUID | None] = orm.reference("app.mailboxes.id", optional=True, index=False)
    # No foreign key: messages point here, and two tables that point at each other have no order.
    last_message_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    created_at: orm.Column[datetime] = orm.time()
    updated_at: orm.Column[datetime] = orm.time()
    solved_at: orm.Column[datetime | None] = orm.time(optional=True)

    indexes = (
        orm.index("tickets_updated", "updated_at", "id"),
        orm.index("tickets_status", "status", "updated_at", "id"),
        orm.index(
            "tickets_assignee",
            "assignee_id",
            "updated_at",
            "id",
            where="status in ('new', 'open', 'waiting')",
        ),
        orm.index("tickets_team", "team_id", "updated_at", "id", where="status in ('new', 'open', 'waiting')"),
        orm.index("tickets_unsolved", "updated_at", "id", where="status in ('new', 'open', 'waiting')"),
        orm.index("tickets_requester", "requester_id", "updated_at", "id"),
    )

    @classmethod
    def visible_to(cls, caller: Caller) -> tuple[orm.Condition, ...]:
        """The conditions under which this caller sees a ticket: none for those who work on all of them."""
        if caller.kind is Kind.LINK:
            return cls.id == caller.ticket, cls.requester_id == caller.id
        if caller.role == "limited":
            return (orm.or_(cls.assignee_id == caller.id, cls.team_id.in_(Membership.teams_of(caller.id))),)
        if caller.may("tickets.read") or caller.kind in (Kind.MAIL, Kind.JOB):
            return ()
        return (cls.requester_id == caller.id,)

    @classmethod
    def seen_by(cls, caller: Caller) -> "orm.Query[Self]":
        """What this caller may not see is not in it."""
        return cls.where(*cls.visible_to(caller))

    @classmethod
    async def locked(cls, caller: Caller, number: int) -> Self:
        """The ticket for a change: whoever else changes it waits."""
        return await cls.seen_by(caller).where(cls.number == number).lock().one()

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
        now = surroundings().now
        if mailbox is None:
            first = await Mailbox.first_one()
            mailbox = first.id if first else None
        ticket = cls.add(
            subject=subject,
            status="new",
            priority=priority,
            tags=list(dict.fromkeys(tags)),
            channel=channel,
            requester_id=requester.id,
            mailbox_id=mailbox,
            created_at=now,
            updated_at=now,
        )
        await orm.flush()
        await Searchable.begin(ticket.id, subject, f"{requester.name} {requester.email}")
        Event.record(caller, ticket.id, "opened", {}, {"subject": subject, "channel": channel})
        if caller.role == "limited":
            # Else they would not see what they just opened.
            await ticket.assign(caller, caller.id)
        return ticket

    def turn(self, caller: Caller, status: str) -> None:
        """Set the status."""
        if status == self.status:
            return
        now = surroundings().now
        Event.record(caller, self.id, "status", {"status": self.status}, {"status": status})
        self.status, self.updated_at = status, now
        self.solved_at = now if status in ("solved", "closed") else None

    def settle(self, caller: Caller, status: Literal["open", "solved"]) -> None:
        """The requester says that it is solved, or is not."""
        if self.status == "closed":
            raise TicketClosed
        if (status == "solved") is not (self.status == "solved"):
            self.turn(caller, status)

    async def assign(self, caller: Caller, assignee: UUID | None) -> None:
        """Give it to somebody who works here, or to nobody."""
        if assignee == self.assignee_id:
            return
        names = {caller.id: caller.name} if caller.works_here else {}
        if unknown := {assignee, self.assignee_id} - {None, *names}:
            names |= {person.id: person.name for person in await Person.among(unknown)}
        if assignee is not None and assignee not in names:
            raise rpc.Invalid(fields={"assignee": "There is no such agent."})
        Event.record(
            caller,
            self.id,
            "assigned",
            {"assignee": self.assignee_id and names.get(self.assignee_id, "")},
            {"assignee": assignee and names[assignee]},
        )
        self.assignee_id, self.updated_at = assignee, surroundings().now

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

    async def change(
        self,
        caller: Caller,
        *,
        priority: str | UnsetType = UNSET,
        subject: str | UnsetType = UNSET,
        tags: Sequence[str] | UnsetType = UNSET,
    ) -> None:
        """Set the fields that are given; those that stay the same leave no event."""
        wanted: dict[str, Any] = {"priority": priority, "subject": subject}
        if tags is not UNSET:
            wanted["tags"] = list(dict.fromkeys(tags))
        for field, value in wanted.items():
            before = getattr(self, field)
            if value is UNSET or value == before:
                continue
            Event.record(caller, self.id, field, {field: before}, {field: value})
            setattr(self, field, value)
            self.updated_at = surroundings().now
            if field == "subject":
                await Searchable.rename(self.id, value)
