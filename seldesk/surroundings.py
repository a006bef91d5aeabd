"""What stands around a call: clock, customer, addresses, keys, storage. Set beside the transaction."""

import hmac
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from uuid import UUID

import rpc
from seldesk.addresses import Addresses
from seldesk.caller import Acting
from seldesk.clock import Clock
from seldesk.errors import OnTheSide
from seldesk.news import News
from seldesk.offer import Offer, Plan
from seldesk.rates import Bounds
from seldesk.sealed import Downloads, NoDownloads, NoSecrets, Secrets, Storage
from seldesk.service import Service
from seldesk.signer import Signer
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
