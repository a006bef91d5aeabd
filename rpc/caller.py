"""Who calls: what stands at the door, and who it turns out to be."""

import enum
from dataclasses import dataclass, field
from typing import Protocol


class Kind(enum.StrEnum):
    """The doors through which a call can come."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105 - a kind of caller, no secret
    LINK = "link"
    MAIL = "mail"
    JOB = "job"
    COMMAND = "command"
    ANONYMOUS = "anonymous"
    STAFF = "staff"


class Caller(Protocol):
    """Who a credential belongs to."""

    @property
    def kind(self) -> Kind: ...

    def may(self, permission: str) -> bool:
        """Whether this caller has the permission."""

    def knows(self, permission: str) -> bool:
        """Whether this caller may learn that something with this permission exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a caller shows: not looked up yet, so nothing in it can be trusted but `kind`.

    `place` is the customer at whose door the caller stands, None where there is none. `acting`: somebody acts in the
    name of a caller of this kind, and the secret is theirs; whoever looks it up must ask for that. `agent` is what
    their program says that it is.
    """

    kind: Kind
    place: str | None = None
    secret: str = field(default="", repr=False)
    address: str = ""
    request_id: str = ""
    acting: bool = False
    agent: str = ""
