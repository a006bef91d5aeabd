"""Who calls, once the credential has been looked up."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rpc import Kind
from seldesk.permissions import ROLES, STAFF
from seldesk.zones import UTC

NOBODY = UUID(int=0)


def on_behalf_of(name: str) -> str:
    """How mails call one of the operator's staff who acts in somebody's name."""
    return f"Support staff on behalf of {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """One of the operator's staff in the name of a customer's person: who, under which access, and for how long.

    scope is "read" or "write"; ticket the number of the one because of which they came; name what the person is called,
    where that was looked up.
    """

    access: UUID
    staff_id: UUID
    staff: str
    email: str
    subject: UUID
    scope: str
    reason: str
    ticket: int
    until: datetime
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A person with a session or a token, a requester with a ticket link, a program, or nobody."""

    kind: Kind
    permissions: frozenset[str] = frozenset()
    id: UUID = NOBODY
    name: str = ""
    email: str = ""
    role: str = ""
    # The name of a role that owners made; what stands in `role` then is the kind of it.
    title: str = ""
    session: UUID | None = None
    ticket: UUID | None = None
    # The change of many tickets that this change is part of.
    bulk: UUID | None = None
    # The time zone that times are shown in, and whether it is their own choice.
    zone: str = UTC
    zone_chosen: bool = True
    # When they last proved who they are, and by which second factor they came in.
    proved_at: datetime | None = None
    factor: str = ""
    # One of the staff acts in the name of this person.
    acting: Acting | None = None
    address: str = ""
    agent: str = ""
    request_id: str = ""

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def knows(self, permission: str) -> bool:
        """An agent may be told that something is not for agents, and staff that it is not for their role; to anybody
        else it does not exist.
        """
        if self.kind is Kind.STAFF:
            return permission in STAFF
        return self.may(permission) or (self.role in ("agent", "limited", "owner") and permission in ROLES["owner"])

    @property
    def in_person(self) -> bool:
        """In a session of their own: no program, and none of the staff in their name."""
        return self.kind is Kind.PERSON and self.session is not None

    @property
    def works_here(self) -> bool:
        return self.kind in (Kind.PERSON, Kind.TOKEN) and self.role != "requester"

    @property
    def channel(self) -> str:
        """Where a ticket that this caller opens comes from."""
        at_the_desk = "portal" if self.role == "requester" else "desk"
        return {Kind.TOKEN: "api", Kind.MAIL: "mail"}.get(self.kind, at_the_desk)

    @property
    def on_behalf_by(self) -> UUID | None:
        """Which of the staff did it, where one of them acts in this person's name."""
        return self.acting.staff_id if self.acting else None

    @property
    def told_as(self) -> str:
        """Who did it, in mails."""
        return on_behalf_of(self.name) if self.acting else self.name

    @property
    def actor(self) -> UUID | None:
        """The person to whom a change is put down; None for a program."""
        return None if self.id == NOBODY else self.id
