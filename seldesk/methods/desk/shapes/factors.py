"""Second factors, and where people came in."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from seldesk.methods.desk.shapes.people import Me, SessionRow


@dataclass(frozen=True, slots=True)
class FactorRow:
    """kind is authenticator or passkey."""

    id: UUID
    kind: str
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInRow:
    """way is password or link, factor the second one: authenticator, passkey, recovery code, or "" for none. browser is
    in words, "" for one that nobody knows.
    """

    at: datetime
    address: str
    browser: str
    way: str
    factor: str
    current: bool


@dataclass(frozen=True, slots=True)
class WayIn:
    """What somebody comes in with, and how they came in lately. notices are the mails that they want."""

    notices: list[str]
    has_password: bool
    factors: list[FactorRow]
    codes_left: int
    sign_ins: list[SignInRow]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """demanded: nobody in this role comes in without a second factor."""

    me: Me
    own: WayIn
    sessions: list[SessionRow]
    demanded: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked for. passkey is what the browser is asked, as JSON; None for who has none."""

    email: str
    authenticator: bool
    passkey: str | None


@dataclass(frozen=True, slots=True)
class Challenge:
    """The same once more; factor says that a second one is asked for beside the password."""

    email: str
    factor: bool
    authenticator: bool
    passkey: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """token is the session's from now on, None when it was refused; wait is in seconds."""

    token: str | None = field(default=None, repr=False)
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Enrolment:
    """secret and address are for an authenticator program, and are shown once; passkey is what the browser is asked.
    demanded: without one this session leads nowhere. first: there is none yet.
    """

    email: str
    secret: str = field(repr=False)
    address: str = field(repr=False)
    passkey: str
    demanded: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Whether it was right. codes are those for recovery, shown once, with the first factor; demanded: before it this
    session led nowhere.
    """

    added: bool
    codes: list[str] = field(default_factory=list, repr=False)
    demanded: bool = False
