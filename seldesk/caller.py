"""Who calls, once the credential has been looked up."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rpc import Kind
from seldesk.permissions import ROLES, STAFF
from seldesk.zones import UTC

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A person with a session or a token, a requester with a ticket link, a program, or nobody."""

    kind: Kind
    permissions: frozenset[str] = frozenset()
    id: UUID = NOBODY
    name: str = ""
    email: str = ""
    role: str = ""
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
    def works_here(self) -> bool:
        return self.kind in (Kind.PERSON, Kind.TOKEN) and self.role != "requester"

    @property
    def channel(self) -> str:
        """Where a ticket that this caller opens comes from."""
        at_the_desk = "portal" if self.role == "requester" else "desk"
        return {Kind.TOKEN: "api", Kind.MAIL: "mail"}.get(self.kind, at_the_desk)

    @property
    def actor(self) -> UUID | None:
        """The person to whom a change is put down; None for a program."""
        return None if self.id == NOBODY else self.id
