"""Which customer stands behind a host, and in which database: an unknown host costs nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

from seldesk.methods.control import restores
from seldesk.methods.control.customers import CustomerRow
from seldesk.surroundings import Brand, Customer, Side

READ_ONLY = "It is a copy on the side, made to be read."


# Behind a slug: the same database for a role that can only read. No slug has a colon.
_TO_READ = ":read"


def read_only(slug: str) -> str:
    """The name under which a customer's database is reached by who may change nothing in it."""
    return slug + _TO_READ


@dataclass(frozen=True, slots=True)
class Entry:
    customer: Customer
    database: str
    cluster: str
    credentials: int


@dataclass(slots=True)
class Directory:
    """All customers, in memory. Replaced as a whole when the control database says that it changed."""

    mail_domain: Callable[[str], str]
    _by_slug: dict[str, Entry] = field(default_factory=dict)
    _by_id: dict[UUID, Entry] = field(default_factory=dict)
    _by_domain: dict[str, Entry] = field(default_factory=dict)

    def replace(self, rows: Iterable[CustomerRow], sides: Iterable[restores.Side] = ()) -> None:
        entries = {row.id: Entry(_customer(row), row.database, row.cluster, row.credentials) for row in rows}
        self._hold([*entries.values(), *_beside(entries, sides)])

    def change(self, customer: Customer) -> None:
        """One of them looks different, and this process need not wait to be told."""
        self._hold(
            [
                replace(one, customer=customer) if one.customer.room == customer.id else one
                for one in self._by_slug.values()
            ]
        )

    def _hold(self, entries: list[Entry]) -> None:
        self._by_slug = {entry.customer.slug: entry for entry in entries}
        # No mail comes to what stands on the side, and no worker looks into it.
        living = [entry for entry in entries if entry.customer.side is None]
        self._by_id = {entry.customer.id: entry for entry in living}
        self._by_domain = {self.mail_domain(entry.customer.slug): entry for entry in living}

    def find(self, slug: str) -> Customer | None:
        entry = self._by_slug.get(slug)
        return entry.customer if entry else None

    def reached(self, name: str) -> tuple[Entry, str] | None:
        """The customer whose database has this name, and the role to sign in as."""
        entry = self._by_slug.get(name.removesuffix(_TO_READ))
        if entry is None:
            return None
        # As it is named where databases are made, which a process of pages knows nothing of.
        return entry, f"ro_{entry.database}" if name.endswith(_TO_READ) else entry.database

    def entry(self, slug: str) -> Entry | None:
        return self._by_slug.get(slug)

    def with_id(self, customer: UUID) -> Entry | None:
        return self._by_id.get(customer)

    def with_domain(self, domain: str) -> Entry | None:
        return self._by_domain.get(domain)

    def places(self) -> dict[str, tuple[str, str, int]]:
        """Slug -> what the way to its database is made of, for those that are served."""
        return {
            entry.customer.slug: (entry.database, entry.cluster, entry.credentials)
            for entry in self._by_slug.values()
            if entry.customer.served
        }

    def active(self) -> list[Customer]:
        """Those that are served, be it to read only."""
        return [entry.customer for entry in self._by_id.values() if entry.customer.served]

    def rooms(self) -> list[UUID]:
        """Whose pages may be open."""
        return [entry.customer.room for entry in self._by_slug.values() if entry.customer.served]


def _beside(entries: dict[UUID, Entry], sides: Iterable[restores.Side]) -> Iterator[Entry]:
    for side in sides:
        living = entries.get(side.customer)
        if living is None or not living.customer.served:
            continue
        known = Side(side.id, side.snapshot_at, side.until, writable=side.writable, drill=side.drill)
        state = "active" if side.writable or side.drill else "suspended"
        customer = replace(living.customer, slug=side.slug, state=state, side=known, back_at=None)
        yield Entry(replace(customer, suspended_for=READ_ONLY), side.database, side.cluster, credentials=1)


def _customer(row: CustomerRow) -> Customer:
    brand = Brand(row.accent, row.logo, row.logo_type)
    known = Customer(row.id, row.slug, row.name, row.state, row.plan, row.country, brand)
    return replace(
        known,
        suspended_for=row.suspended_for,
        suspended_by=row.suspended_by,
        terminated_at=row.terminated_at,
        erase_at=row.erase_at,
        back_at=row.back_at,
        closes_at=row.closes_at,
        closes_for=row.closes_for,
        region=row.region,
        second_factor=row.second_factor,
        trial_ends_at=row.trial_ends_at,
    )
