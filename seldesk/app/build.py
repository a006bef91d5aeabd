"""The composition root: the only place that knows rpc, orm and seldesk together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from uuid import UUID

from starlette.routing import Route
from starlette.types import ASGIApp

import orm
import rpc
from rpc import Credential, Kind
from seldesk.addresses import Addresses
from seldesk.app.around import Around
from seldesk.app.directory import Directory
from seldesk.app.doors import Doors
from seldesk.app.failures import observe, translate
from seldesk.app.fleet import Cluster, Fleet, Ways
from seldesk.app.keys import derived
from seldesk.app.measuring import measures
from seldesk.app.reading import Reading
from seldesk.app.regions import on_offer
from seldesk.app.seen import Seen
from seldesk.app.stores import Naming, stores
from seldesk.app.tracing import Tracing, tracing
from seldesk.app.transactions import Transactions
from seldesk.app.witness import Witness
from seldesk.clock import Clock
from seldesk.keyring import Wrapping, former_key, master_key, program
from seldesk.methods import PUBLIC, Answers, identify, record
from seldesk.methods.control import customers as control_customers
from seldesk.rates import Bounds
from seldesk.resources import newest_revision
from seldesk.settings import Limits, Settings
from seldesk.storage import (
    BackupIdentities,
    ContentKeys,
    Downloads,
    InHand,
    Master,
    Place,
    Program,
    Secrets,
    Storage,
)
from seldesk.web.application import application
from seldesk.web.live import Hub

CONTROL_ROLE = "seldesk_control"
REVISION = newest_revision("control")
# Mail to them is refused for good; to a suspended customer it is put off.
LEAVING = ("terminated", "purging", "purged")


class NotReady(Exception):
    """What the application stands on is not there."""


@dataclass(frozen=True)
class Application:
    """Everything that the doors of one process share."""

    settings: Settings
    clock: Clock
    storage: Storage
    keys: ContentKeys
    named: Naming
    downloads: Downloads
    addresses: Addresses
    directory: Directory
    fleet: Fleet
    control: orm.Tenants
    customers: orm.Tenants
    dispatcher: rpc.Dispatcher
    control_address: orm.Address
    signing_key: bytes = field(repr=False)
    live: Hub
    reading: Reading = field(repr=False)
    seen: Seen = field(repr=False)
    traces: Tracing = field(repr=False)
    # Told to end: it still answers, and wants no new work.
    draining: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def cluster(self) -> Cluster:
        """Where the control database is."""
        return self.fleet.home

    def program(self, kind: Kind, slug: str | None = None) -> rpc.Call:
        """Calls as a program: on the control database, or at a customer's door."""
        return self.dispatcher.calling(Credential(kind=kind, place=slug))

    def job(self, customer: UUID) -> rpc.Call | None:
        """None for one of whom nothing is left to work on."""
        entry = self.directory.with_id(customer)
        there = entry is not None and entry.customer.state not in ("purging", "purged")
        return self.program(Kind.JOB, entry.customer.slug) if entry and there else None

    def mail(self, domain: str) -> rpc.Call | None:
        entry = self.directory.with_domain(domain)
        known = entry is not None and entry.customer.state not in LEAVING
        return self.program(Kind.MAIL, entry.customer.slug) if entry and known else None

    async def refresh(self) -> None:
        """Read the directory of customers anew."""
        await self.reading.all()

    async def ready(self) -> bool:
        """Whether new work is welcome here."""
        return not self.draining.is_set() and await self.reached()

    async def reached(self) -> bool:
        """Whether the control database answers, at this version or a newer one: then it was migrated."""
        try:
            return await self.program(Kind.JOB)(control_customers.ping) >= REVISION
        except rpc.Error:
            return False

    def web(self, site_routes: Sequence[Route] = ()) -> ASGIApp:
        return application(
            self.dispatcher,
            self.directory,
            self.addresses,
            derived(self.signing_key, "forms"),
            development=self.settings.development,
            trusted_proxies=self.settings.proxies,
            site_routes=site_routes,
            ready=self.ready,
            now=self.clock.now,
            hub=self.live,
            status_folder=self.settings.status.folder,
        )

    def pools(self) -> dict[str, orm.Usage]:
        return {"control": self.control.usage, "customers": self.customers.usage}

    async def close(self) -> None:
        await self.live.close()
        await self.customers.close()
        await self.control.close()
        self.traces.close()


def content_keys(settings: Settings) -> ContentKeys:
    return ContentKeys(_key_places(settings), _master(settings, "content"), former=_former(settings, "content"))


def backup_identities(settings: Settings) -> BackupIdentities:
    """For the provisioner's process."""
    return BackupIdentities(_key_places(settings), _master(settings, "backup"), _former(settings, "backup"))


def _key_places(settings: Settings) -> list[Place]:
    return [Place.at(place) for place in settings.key_stores]


def _master(settings: Settings, name: Wrapping) -> Master:
    command = program(settings, name)
    return Program(command) if command else InHand(master_key(settings, name))


def _former(settings: Settings, name: Wrapping) -> list[Master]:
    key = former_key(settings, name)
    return [] if key is None else [InHand(key)]


def build(
    settings: Settings,
    cluster: Cluster,
    clock: Clock | None = None,
    *,
    elsewhere: Mapping[str, orm.Address] = MappingProxyType({}),
) -> Application:
    """Connects nothing yet: databases are reached when the first call needs them. elsewhere: by slug, what is reached
    there and not where the directory says.
    """
    clock, signing_key = clock or Clock(), master_key(settings, "signing")
    addresses = _addresses(settings)
    directory, fleet = Directory(addresses.mail_domain), Fleet(cluster)
    doors, witness = Doors(directory), Witness(directory)
    keys, places, named = content_keys(settings), stores(settings), Naming(settings)
    storage, downloads = Storage(places, keys), Downloads(places, keys)
    around = Around(
        settings=settings,
        clock=clock,
        addresses=addresses,
        signing_key=signing_key,
        offer=on_offer(settings),
        rates=_bounds(settings.limits),
        storage=storage,
        downloads=downloads,
        secrets=Secrets(keys),
        named=named,
        directory=directory,
        doors=doors,
    )
    control_address = cluster.address(settings.database.control, CONTROL_ROLE)
    control, customers = _databases(settings, signing_key, control_address, Ways(directory, fleet, elsewhere))
    seen, traces = Seen(measures(settings.metrics)), tracing(settings.traces)
    transactions = Transactions(control, customers, directory, around, seen, traces)
    dispatcher = _dispatcher(settings, transactions, witness, seen)
    # They make calls in the course of a call.
    transactions.dispatcher = witness.dispatcher = doors.dispatcher = dispatcher
    live = Hub(dispatcher.calling)
    built = Application(
        settings=settings,
        clock=clock,
        storage=storage,
        keys=keys,
        named=named,
        downloads=downloads,
        addresses=addresses,
        directory=directory,
        fleet=fleet,
        control=control,
        customers=customers,
        dispatcher=dispatcher,
        control_address=control_address,
        signing_key=signing_key,
        live=live,
        reading=Reading(dispatcher.calling(Credential(kind=Kind.JOB)), directory, fleet, customers, live),
        seen=seen,
        traces=traces,
    )
    seen.measures.watch(built.pools, lambda: built.live.streams)
    return built


def _addresses(settings: Settings) -> Addresses:
    return Addresses(
        base=settings.base,
        files_base=settings.files_base,
        secure=not settings.development,
        port=settings.port if settings.development else None,
        ops_base=settings.ops_base,
    )


def _bounds(most: Limits) -> Bounds:
    return Bounds(most.searches_per_minute, most.calls_per_minute, most.mails_per_hour, most.sign_ins_per_hour)


def _databases(
    settings: Settings, signing_key: bytes, control: orm.Address, customers: Callable[[str], orm.Address]
) -> tuple[orm.Tenants, orm.Tenants]:
    """The control database, and the customers'."""
    cursor_key, bounds = derived(signing_key, "cursors"), settings.database
    tenants = partial(orm.Tenants, cursor_key=cursor_key, statement=bounds.statement_seconds)
    return (
        tenants(lambda _: control, ceiling=5, per_tenant=5),
        tenants(customers, ceiling=bounds.ceiling, per_tenant=bounds.per_tenant),
    )


def _dispatcher(settings: Settings, transactions: Transactions, witness: Witness, seen: Seen) -> rpc.Dispatcher:
    return rpc.Dispatcher(
        PUBLIC,
        transaction=transactions,
        identify=identify,
        translate=translate,
        observe=partial(_observed, seen),
        record=record,
        witness=witness,
        answers=Answers(),
        limits=rpc.Limits(seconds=settings.limits.call_seconds, body=settings.limits.body_bytes),
    )


def _observed(seen: Seen, observation: rpc.Observation) -> None:
    seen.measures.called(observation)
    observe(observation)


@asynccontextmanager
async def opened(settings: Settings, cluster: Cluster, clock: Clock | None = None) -> AsyncIterator[Application]:
    """An application that knows its customers, closed at the end; NotReady without a control database."""
    built = build(settings, cluster, clock)
    try:
        try:
            await built.refresh()
        except rpc.Error as error:
            raise NotReady(
                f"The control database at {cluster.host}:{cluster.port} cannot be used. Is PostgreSQL there, "
                "and has `seldesk migrate` run? `seldesk doctor` tells more."
            ) from error
        yield built
    finally:
        await built.close()
