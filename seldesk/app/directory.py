"""Which customer stands behind a host, and in which database: an unknown host costs nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

from seldesk.methods.control import sides
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
    """All customers, in memory. The control database says which of them has changed, and that one alone is read again.

    mark is what the database said before all of them were read last.
    """

    mail_domain: Callable[[str], str]
    mark: str = ""
    _by_slug: dict[str, Entry] = field(default_factory=dict)
    _by_id: dict[UUID, Entry] = field(default_factory=dict)
    _by_domain: dict[str, Entry] = field(default_factory=dict)

    def replace(self, rows: Iterable[CustomerRow], standing: Iterable[sides.Side] = ()) -> None:
        entries = {row.id: _entry(row) for row in rows}
        self._by_slug, self._by_id, self._by_domain = {}, {}, {}
        self._enter([*entries.values(), *_beside(entries, standing)])

    def renew(self, customer: UUID, rows: Iterable[CustomerRow], standing: Iterable[sides.Side]) -> None:
        """One of them is as is said here, or not there any more. The others stay as they are."""
        for slug in self._slugs(customer):
            del self._by_slug[slug]
            self._by_domain.pop(self.mail_domain(slug), None)
        self._by_id.pop(customer, None)
        entries = {row.id: _entry(row) for row in rows}
        self._enter([*entries.values(), *_beside(entries, standing)])

    def change(self, customer: Customer) -> None:
        """One of them looks different, and this process need not wait to be told."""
        for slug in self._slugs(customer.id):
            if self._by_slug[slug].customer.room == customer.id:
                self._enter([replace(self._by_slug[slug], customer=customer)])

    def _slugs(self, customer: UUID) -> list[str]:
        """Where it is reached, what stands on the side included."""
        return [slug for slug, entry in self._by_slug.items() if entry.customer.id == customer]

    def _enter(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._by_slug[entry.customer.slug] = entry
            # No mail comes to what stands on the side, and no worker looks into it.
            if entry.customer.side is None:
                self._by_id[entry.customer.id] = entry
                self._by_domain[self.mail_domain(entry.customer.slug)] = entry

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

    def places(self, customer: UUID | None = None) -> dict[str, tuple[str, str, int]]:
        """Slug -> what the way to its database is made of, for those that are served: of all, or of one customer."""
        entries = (entry for entry in self._by_slug.values() if customer in (None, entry.customer.id))
        return {
            entry.customer.slug: (entry.database, entry.cluster, entry.credentials)
            for entry in entries
            if entry.customer.served
        }

    def active(self) -> list[Customer]:
        """Those that are served, be it to read only."""
        return [entry.customer for entry in self._by_id.values() if entry.customer.served]

    def rooms(self) -> list[UUID]:
        """Whose pages may be open."""
        return [entry.customer.room for entry in self._by_slug.values() if entry.customer.served]


def _beside(entries: dict[UUID, Entry], standing: Iterable[sides.Side]) -> Iterator[Entry]:
    for side in standing:
        living = entries.get(side.customer)
        if living is None or not living.customer.served:
            continue
        known = Side(side.id, side.snapshot_at, side.until, writable=side.writable, drill=side.drill)
        state = "active" if side.writable or side.drill else "suspended"
        customer = replace(living.customer, slug=side.slug, state=state, side=known, back_at=None)
        yield Entry(replace(customer, suspended_for=READ_ONLY), side.database, side.cluster, credentials=1)


def _entry(row: CustomerRow) -> Entry:
    return Entry(_customer(row), row.database, row.cluster, row.credentials)


def _customer(row: CustomerRow) -> Customer:
    return Customer(
        row.id,
        row.slug,
        row.name,
        row.state,
        row.plan,
        row.country,
        Brand(row.accent, row.logo, row.logo_type),
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
