"""People, and how they sign in."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from seldesk.caller import Caller
from seldesk.models.desk.entrance import Entered
from seldesk.zones import UTC


@dataclass(frozen=True, slots=True)
class Me:
    """Who looks at the page, and the time zone that it is shown in; zone_chosen says that it is their own choice.

    title is the name of a role that owners made, "" for those that are built in; may is all that they are allowed.
    """

    id: UUID
    name: str
    email: str
    role: str
    zone: str = UTC
    zone_chosen: bool = True
    title: str = ""
    may: frozenset[str] = frozenset()

    @classmethod
    def of(cls, caller: Caller) -> "Me":
        return cls(
            caller.id,
            caller.name,
            caller.email,
            caller.role,
            caller.zone,
            caller.zone_chosen,
            caller.title,
            caller.permissions,
        )


@dataclass(frozen=True, slots=True)
class Party:
    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who asks, or works here; organisation is the id of theirs."""

    id: UUID
    name: str
    email: str
    works_here: bool
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class TeamName:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser in which the caller is signed in, in words; current is the one that asks."""

    id: UUID
    address: str
    browser: str
    created_at: datetime
    seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class SignIn:
    """token is the new session's cookie, None when it was refused; wait is the seconds until the next try is
    allowed, 0 when it is allowed now. role is theirs: it says at which door they belong. entry is what leads to the
    second step, where there is one. device is what the browser keeps, to be known again.
    """

    token: str | None = field(default=None, repr=False)
    wait: int = 0
    role: str = ""
    entry: str | None = field(default=None, repr=False)
    device: str = field(default="", repr=False)


def signed_in(entered: Entered) -> SignIn:
    return SignIn(entered.token, entered.wait, entered.role, entered.entry, entered.device)


@dataclass(frozen=True, slots=True)
class PasswordSet:
    """A password was set by a mailed link; role says at which door it is used."""

    role: str


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """Whether the current password was right and the new one is set; wait as in SignIn. token is the session's from
    now on.
    """

    changed: bool
    wait: int = 0
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """granted is what stands in a role of the owners' own, None for those that are built in."""

    role: str
    granted: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Welcome:
    """For whom a one-time link sets a password. demanded: after it they add a second factor."""

    customer: str
    name: str
    email: str
    demanded: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A secret that is shown this once: a token, or the address of a one-time link."""

    secret: str = field(repr=False)
