"""Whether everything that an installation needs is there and fits together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import orm
import rpc
from orm.provision.facts import narrower, revision_at, server_facts
from rpc import Kind
from seldesk.app import doctor_host as host
from seldesk.app.budget import Budget
from seldesk.app.build import CONTROL_ROLE, Application, NotReady, opened
from seldesk.app.installation import control_revisions, desk_revisions, provisioner
from seldesk.app.regions import examined
from seldesk.app.running import Database
from seldesk.clock import Clock
from seldesk.layers import SettingsError
from seldesk.methods.control import alerts, clusters, coverage, customers
from seldesk.methods.desk import audits
from seldesk.offer import Offer
from seldesk.settings import Settings
from seldesk.storage import StorageError

WORST_AGE = 18 * 3600  # seconds
CANARIES = 3
FAILURES = (NotReady, SettingsError, StorageError, orm.Error, rpc.Error, OSError)
# What to do where a check is bad and does not say it itself.
ADVICE = {
    "keys": "Put the six keys where secrets.folder says, mode 0600, from where you keep copies of them.",
    "clusters": "Start PostgreSQL 18 there, or correct database.host and port. On another machine it must speak "
    "TLS, with a certificate for its name that is trusted here.",
    "connections": "Lower database.ceiling, or raise max_connections there. `customer rotate` renews a role's limit.",
    "regions": "A customer is told at sign-up where its data lies: let that be so.",
    "control database": "Run `seldesk migrate`, and see that `seldesk provision` runs.",
    "migrations": "Run `seldesk migrate` with this version.",
    "canary": "Look into the log of `seldesk web` for this customer.",
    "backups": "See that `seldesk provision` runs and both stores answer; `seldesk backup now` tries it at once.",
    "alerts": "The console says since when and whose check it is; each goes when its check finds it no more.",
    "stores": "See that the store is up and the credentials in secrets.stores are its own.",
    "disk": "Make room: nothing is written where there is none.",
    "mail": "Correct smtp_out, or start the relay. Mail waits in the outboxes until then.",
    "clock": "Let chrony or systemd-timesyncd set the clock of both machines.",
    "certificate": "Renew it, and see that the proxy loads the new one.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """advice is what to do about it, "" where it is good."""

    check: str
    good: bool
    text: str
    advice: str = ""


async def examine(settings: Settings, found: Database, clock: Clock | None = None) -> list[Finding]:
    """Every check, also after one has failed."""
    here = Patient(settings, found, clock or Clock())
    checks: dict[str, Callable[[], Awaitable[str]]] = {
        "keys": lambda: host.keys(settings),
        "clusters": here.clusters,
        "connections": here.connections,
        "regions": here.regions,
        "control database": here.control,
        "migrations": here.migrations,
        "canary": here.canary,
        "backups": here.backups,
        "alerts": here.alerts,
        "stores": lambda: host.places(settings),
        "disk": lambda: host.disk(settings),
        "mail": lambda: host.relay(settings),
        "clock": here.clock,
        "certificate": lambda: host.certificate(settings, here.time.now()),
    }
    findings = []
    for name, check in checks.items():
        try:
            findings.append(Finding(name, True, await check()))
        except FAILURES as error:
            findings.append(Finding(name, False, str(error), ADVICE[name]))
    return findings


@dataclass(frozen=True, slots=True)
class Patient:
    settings: Settings
    found: Database
    time: Clock

    @property
    def _control(self) -> orm.Address:
        return self.found.cluster.address(self.settings.database.control, CONTROL_ROLE)

    async def clusters(self) -> str:
        told = []
        async with opened(self.settings, self.found.cluster) as app:
            for name, where in app.fleet.all().items():
                facts = await server_facts(provisioner(self.settings, where).address)
                if facts.major != 18:
                    raise SettingsError(f"PostgreSQL 18 is needed, {name} is {facts.major}.")
                told.append(f"{name}: PostgreSQL {facts.version} at {where.host}:{where.port}")
        return "; ".join(told)

    async def connections(self) -> str:
        """On each cluster, line by line."""
        budget, told, short = Budget.of(self.settings), [], False
        async with opened(self.settings, self.found.cluster) as app:
            for name, where in app.fleet.all().items():
                makes = provisioner(self.settings, where)
                facts = await server_facts(makes.address)
                lines = budget.lines(with_control=name == "main")
                needed = budget.needed(with_control=name == "main")
                room = facts.max_connections - facts.reserved_connections
                narrow = await narrower(makes.address, budget.customer_limit)
                told.append(f"{name}: up to {needed} of {room}")
                told += [f"  {line.connections} {line.words}" for line in lines]
                told.append(f"  {budget.customer_limit} at most for one customer" + _narrow(narrow))
                short = short or needed > room or bool(narrow)
        if short:
            raise SettingsError("\n".join(told))
        return "\n".join(told)

    async def regions(self) -> str:
        async with opened(self.settings, self.found.cluster) as app:
            rows = await app.program(Kind.COMMAND)(clusters.list)
        return examined(self.settings, Offer.load(), rows)

    async def control(self) -> str:
        async with opened(self.settings, self.found.cluster) as app:
            rows = await app.program(Kind.COMMAND)(customers.list)
        unfinished = [row.slug for row in rows if row.state in ("requested", "provisioning", "purging")]
        if unfinished:
            raise SettingsError(f"Not finished: {', '.join(unfinished[:10])}.")
        served = [row for row in rows if row.state in ("active", "suspended")]
        return f"{len(served)} customers, and {len(rows) - len(served)} that have left"

    async def migrations(self) -> str:
        """Of the control database, and of a few customers'."""
        wanted, head = control_revisions().head, desk_revisions().head
        behind = ["the control database"] if await revision_at(self._control, "control.revision") != wanted else []
        async with opened(self.settings, self.found.cluster) as app:
            for slug in _canaries(app):
                entry = app.directory.entry(slug)
                if entry is not None:
                    where = app.fleet.named(entry.cluster)
                    address = where.address(entry.database, entry.database, entry.credentials)
                    behind += [slug] if await revision_at(address, "meta.revision") != head else []
        if behind:
            raise SettingsError(f"Not at this version: {', '.join(behind)}.")
        return f"at {wanted} and {head}"

    async def canary(self) -> str:
        """A few customers answer, whatever else is said here."""
        async with opened(self.settings, self.found.cluster) as app:
            some = _canaries(app)
            for slug in some:
                try:
                    await app.program(Kind.JOB, slug)(audits.head)
                except rpc.Error as error:
                    raise SettingsError(f"{slug} does not answer: {error}") from None
        return f"{', '.join(some)} answer" if some else "there is no customer yet"

    async def backups(self) -> str:
        async with opened(self.settings, self.found.cluster) as app:
            known = await app.program(Kind.JOB)(coverage.figures)
        hours = f"the newest copy of whoever is worst covered is {known.worst_age / 3600:.0f} hours old"
        if known.worst_age > WORST_AGE:
            raise SettingsError(f"{known.late} databases have no good copy of 18 hours: {hours}.")
        return f"{known.good} copies; {hours}"

    async def alerts(self) -> str:
        async with opened(self.settings, self.found.cluster) as app:
            standing = await app.program(Kind.COMMAND)(alerts.list)
        if standing:
            told = "; ".join(f"{one.subject}: {one.detail} (since {one.since:%Y-%m-%d})" for one in standing[:10])
            raise SettingsError(f"{len(standing)} stand, the oldest are: {told}")
        return "none"

    async def clock(self) -> str:
        facts = await server_facts(self._control)
        return await host.clock(facts.now, self.time.now())


def _canaries(app: Application) -> list[str]:
    return [customer.slug for customer in app.directory.active()][:CANARIES]


def _narrow(customers: list[str]) -> str:
    """Whose role has a lower limit than its pools may ask for: it was made when there were fewer processes."""
    return f"; {len(customers)} are allowed less, such as {customers[0]}" if customers else ""
