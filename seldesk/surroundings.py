"""What stands around a call: clock, customer, addresses, keys, storage. Set beside the transaction."""

import hmac
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

import rpc
from seldesk.caller import Acting
from seldesk.clock import Clock
from seldesk.errors import OnTheSide
from seldesk.news import News
from seldesk.offer import Offer, Plan
from seldesk.rates import Bounds
from seldesk.service import Service
from seldesk.trail import Trail


@dataclass(frozen=True, slots=True)
class Brand:
    """accent is #rrggbb, "" for Seldesk's own; logo an object in the customer's storage."""

    accent: str = ""
    logo: UUID | None = None
    logo_type: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A copy that stands beside the living helpdesk, at an address of its own, for some days. Nothing leaves it.

    drill: a test of the copy, which nobody is shown.
    """

    id: UUID
    snapshot_at: datetime
    until: datetime | None = None
    writable: bool = False
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """An organisation with a database of its own."""

    id: UUID
    slug: str
    name: str
    state: str
    plan: str = "trial"
    country: str = ""
    brand: Brand = Brand()
    # Why it is read-only, and whether its owner or the operator wanted it, or its trial is over.
    suspended_for: str = ""
    suspended_by: str = ""
    terminated_at: datetime | None = None
    erase_at: datetime | None = None
    # Closed until then at the latest; or to be closed from then on, for so many seconds at most.
    back_at: datetime | None = None
    closes_at: datetime | None = None
    closes_for: int = 0
    # None on a plan without an end.
    trial_ends_at: datetime | None = None
    region: str = ""
    side: Side | None = None

    # Who must have a second factor: "" (whoever wants one), "owners", or "workers", which is all who work here.
    second_factor: str = ""

    @property
    def room(self) -> UUID:
        """Whose pages hear of each other: those of a copy on the side are by themselves."""
        return self.side.id if self.side else self.id

    @property
    def served(self) -> bool:
        """Whether people come in, be it to read only."""
        return self.state in ("active", "suspended")


# Who stands at the door of the control database.
OPERATOR = Customer(UUID(int=0), "", "Seldesk", "active")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where Seldesk is reached. port is None when it is the scheme's own."""

    base: str
    files_base: str
    secure: bool
    port: int | None = None
    # The operator's console; "" where there is none.
    ops_base: str = ""

    def _origin(self, host: str) -> str:
        return f"{'https' if self.secure else 'http'}://{host}" + (f":{self.port}" if self.port else "")

    def site(self) -> str:
        return self._origin(self.base)

    def console(self) -> str:
        return self._origin(self.ops_base)

    def customer(self, slug: str) -> str:
        return self._origin(f"{slug}.{self.base}")

    def files(self, slug: str) -> str:
        return self._origin(f"{slug}.{self.files_base}")

    def mail_domain(self, slug: str) -> str:
        return f"{slug}.{self.base}"


class Signer:
    """Short tokens that only this customer's door takes: purpose, content and end are signed together."""

    def __init__(self, key: bytes, customer: UUID) -> None:
        self.key = hmac.digest(key, b"customer:" + customer.bytes, sha256)

    def sign(self, purpose: str, content: Mapping[str, Any], until: datetime) -> str:
        payload = {**content, "until": int(until.timestamp())}
        return str(self._serializer(purpose).dumps(payload))

    def read(self, purpose: str, token: str, now: datetime) -> dict[str, Any]:
        """The content; NotFound for a token that is forged, meant for something else, or too old."""
        if len(token) > 2000:
            raise rpc.NotFound
        try:
            content = self._serializer(purpose).loads(token)
        except BadData:
            raise rpc.NotFound from None
        if content.pop("until") < now.timestamp():
            raise rpc.NotFound
        return dict(content)

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.key, salt=purpose, signer_kwargs={"digest_method": sha256})


class Stored(Protocol):
    """What became of a file: its random id, and what its row keeps of it. size in bytes."""

    @property
    def object_id(self) -> UUID: ...
    @property
    def sha256(self) -> bytes: ...
    @property
    def size(self) -> int: ...


class Storage(Protocol):
    """Where files lie, sealed for their customer."""

    async def put(self, customer: UUID, content: bytes, /) -> Stored: ...
    async def get(self, customer: UUID, object_id: UUID) -> bytes: ...
    async def delete(self, customer: UUID, object_id: UUID) -> None: ...
    async def list(self, customer: UUID) -> dict[UUID, datetime]: ...


class Secrets(Protocol):
    """Small secrets that rows keep, sealed for their customer. The label says where one belongs."""

    async def seal(self, customer: UUID, label: str, secret: bytes) -> bytes: ...
    async def open(self, customer: UUID, label: str, sealed: bytes) -> bytes: ...
    async def version(self, customer: UUID) -> int: ...


class NoSecrets:
    """For programs that have no keys."""

    async def seal(self, customer: UUID, label: str, secret: bytes) -> bytes:
        raise RuntimeError("There are no keys here.")

    async def open(self, customer: UUID, label: str, sealed: bytes) -> bytes:
        raise RuntimeError("There are no keys here.")

    async def version(self, customer: UUID) -> int:
        raise RuntimeError("There are no keys here.")


class Downloads(Protocol):
    """Where large files lie that are offered for a day."""

    async def chunk(self, customer: UUID, file: UUID, at: int, *, last: bool) -> bytes: ...


class NoDownloads:
    """For programs that offer none."""

    async def chunk(self, customer: UUID, file: UUID, at: int, *, last: bool) -> bytes:
        raise RuntimeError("There are no downloads here.")


async def _nowhere(_: Customer) -> None:
    raise RuntimeError("There is no directory of customers here.")


async def _no_link(_: UUID, __: str) -> str | None:
    raise RuntimeError("There is no customer to reach from here.")


def _no_door(_: UUID) -> rpc.Call:
    raise RuntimeError("There is no customer to reach from here.")


async def _none_named(_: UUID, __: Collection[UUID]) -> set[UUID]:
    return set()


@dataclass(frozen=True)
class Surroundings:
    clock: Clock
    customer: Customer
    addresses: Addresses
    storage: Storage
    signing_key: bytes = field(repr=False)
    offer: Offer = field(repr=False)
    service: Service = field(default_factory=Service.load, repr=False)
    undo: timedelta = timedelta(0)
    # For how long begun work is one worker's: after that it is taken for dead.
    lease: timedelta = timedelta(minutes=2)
    # What open pages are told after the commit.
    news: News = field(default_factory=News, compare=False)
    # What the audit is told.
    trail: Trail = field(default_factory=Trail, compare=False)
    # Writes a customer's name and brand into the control database, in a transaction of its own: it stands there even
    # if the call fails after it.
    publish: Callable[[Customer], Awaitable[None]] = field(default=_nowhere, repr=False)
    # Calls on the control database, as a job: each in a transaction of its own, which stands even if this one fails.
    control: rpc.Call | None = field(default=None, repr=False)
    # What this process knows of a customer from now on; the others are told.
    known_as: Callable[[Customer], None] = field(default=lambda _: None, repr=False)
    # Which of these stored files a copy of the database still names.
    named: Callable[[UUID, Collection[UUID]], Awaitable[set[UUID]]] = field(default=_none_named, repr=False)
    downloads: Downloads = field(default_factory=NoDownloads, repr=False)
    # How often people may search, and their programs call; counted in this process and told to the others.
    rates: Bounds = field(default_factory=Bounds, repr=False)
    secrets: Secrets = field(default_factory=NoSecrets, repr=False)
    # Reads at a customer's door the link by which its first owner, who has this address, sets a password.
    first_link: Callable[[UUID, str], Awaitable[str | None]] = field(default=_no_link, repr=False)
    # Calls at a customer's door, as a job: each in a transaction of its own. CustomerUnavailable.
    door: Callable[[UUID], rpc.Call] = field(default=_no_door, repr=False)
    # Who of the staff makes this call in a person's name.
    acting: Acting | None = None

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def address_hash(self, address: str) -> bytes:
        """What may be kept of an address where the address itself may not."""
        return hmac.digest(self.signing_key, b"address:" + address.strip().lower().encode(), sha256)

    @property
    def plan(self) -> Plan | None:
        """What the customer has chosen; None for one that is not on offer any more."""
        return self.offer.plans.get(self.customer.plan)

    @property
    def paid(self) -> bool:
        """Whether the customer's plan is a paid one."""
        return self.plan is not None and self.plan.paid

    def demands_factor(self, role: str) -> bool:
        """Whether nobody of this role comes in without a second factor. Nobody looks at the test of a copy."""
        chosen, side = self.customer.second_factor, self.customer.side
        if side is not None and side.drill:
            return False
        if role == "owner":
            return self.paid or chosen != ""
        return chosen == "workers" and role in ("agent", "limited")

    @property
    def operator(self) -> rpc.Call:
        if self.customer.side is not None:
            raise OnTheSide
        if self.control is None:
            raise RuntimeError("There is no control database here.")
        return self.control

    @cached_property
    def signer(self) -> Signer:
        return Signer(self.signing_key, self.customer.room)


_current: ContextVar[Surroundings] = ContextVar("surroundings")


def surroundings() -> Surroundings:
    return _current.get()


@contextmanager
def standing_in(value: Surroundings) -> Iterator[None]:
    token = _current.set(value)
    try:
        yield
    finally:
        _current.reset(token)
