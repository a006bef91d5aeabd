"""What lies on the clusters, held against what is known: adopted, set aside or told of. Nothing is dropped but what
a worker that slept made of a restore that is over.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import get_args

import structlog

import orm
import rpc
from orm.provision import (
    BACKUP,
    Found,
    Names,
    Provisioner,
    changed_settings,
    check_catalogue,
    forgotten,
    hand_back,
    look_into,
    ownerless_roles,
    quarantine,
    quarantined,
)
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.installation import MAINTENANCE, provisioner
from seldesk.app.keys import role_password
from seldesk.app.ledger import take_in
from seldesk.app.telling import tell
from seldesk.keyring import master_key
from seldesk.methods.control import alerts, purges, registry, sides
from seldesk.methods.control.customers import Plan
from seldesk.methods.control.registry import Known

log = structlog.get_logger()
CHECK = "registry"
# States in which a customer has a database.
THERE = ("active", "suspended", "terminated")
StillAtIt = Callable[[], Awaitable[None]]
Databases = Mapping[str, list[str]]


async def reconcile(app: Application, still_at_it: StillAtIt) -> None:
    """As a job: adopt what says who it is, set the rest aside, and tell of all that does not fit."""
    await app.refresh()
    makers = {name: provisioner(app.settings, cluster) for name, cluster in app.fleet.all().items()}
    # What lies there first: of a database that is made after this look, the row may be read.
    there = {name: await makes.databases() for name, makes in makers.items()}
    # Before anybody is adopted: who was erased is not.
    await take_in(app)
    told = await _erased(app, there)
    known = await app.program(Kind.JOB)(registry.known)
    for name, makes in makers.items():
        await still_at_it()
        told += await _Cluster(app, name, makes, makers, known).look(there[name])
    told += _missing(known, there)
    await tell(app, CHECK, told)


async def _erased(app: Application, there: Databases) -> list[alerts.Found]:
    """An older control database may know customers that the ledger says were erased. Where nothing lies there of one
    any more, that is all: a purge ends it. What does lie there is for a person to decide: one of the two is wrong.
    """
    told, job = [], app.program(Kind.JOB)
    for one in await job(purges.unfinished):
        said = f"erased, as the ledger says ({one.erasure}), and there all the same"
        if one.database not in there.get(one.cluster, [one.database]):
            try:
                await job(purges.resume, customer=one.customer)
                continue
            except rpc.Conflict:
                said = f"erased, as the ledger says ({one.erasure}), and something else is under way"
        told.append(alerts.Found(f"{one.cluster}: {one.database}", said))
    return told


@dataclass(frozen=True)
class _Cluster:
    app: Application
    name: str
    makes: Provisioner
    makers: Mapping[str, Provisioner]
    known: list[Known]

    async def look(self, databases: list[str]) -> list[alerts.Found]:
        here = {one.database for one in self.known if one.cluster == self.name}
        busy = {each for one in self.known if one.busy for each in Names(one.database).standing}
        beside = {one.database for one in self.known if one.former}
        told, roles = [], await ownerless_roles(self.makes)
        anew = await self._made_anew({*databases, *roles.values()} - here - busy - beside)
        for database in databases:
            if database not in here | busy | anew:
                told += await self._stranger(database)
        await self._give_back()
        waiting = [
            alerts.Found(f"{self.name}: {database}", "waits for a person") for database in await quarantined(self.makes)
        ]
        told += [
            alerts.Found(f"{self.name}: {role}", "a role without a database")
            for role, database in sorted(roles.items())
            if database not in busy | beside | anew
        ]
        return told + waiting

    async def _made_anew(self, unknown: set[str]) -> set[str]:
        """Those of them that are gone again: what was made of a restore that another worker had ended meanwhile."""
        if not unknown:
            return set()
        anew = set()
        for database in await self.app.program(Kind.JOB)(sides.made_anew, databases=sorted(unknown)):
            try:
                await self.makes.drop(database)
            except orm.Error as error:
                log.error("registry.not_dropped", cluster=self.name, database=database, error=str(error))
                continue
            log.warning("registry.dropped", cluster=self.name, database=database)
            anew.add(database)
        return anew

    async def _give_back(self) -> None:
        """A provisioner that was killed at its last step is still the owner, and could read all of the customer's."""
        if not (held := await forgotten(self.makes.address)):
            return
        known = await self.app.program(Kind.JOB)(registry.known)
        # What stands on the side of a customer is worked on under that customer's lease.
        at_work = {one.customer for one in known if one.busy}
        busy = {Names(one.database).place for one in known if one.customer in at_work}
        for database in held:
            if database not in busy:
                await hand_back(self.makes.address, database)
                log.warning("registry.given_back", cluster=self.name, database=database)

    async def _stranger(self, database: str) -> list[alerts.Found]:
        found = await look_into(self.makes, database)
        try:
            if await self._taken_up(found):
                log.warning("registry.adopted", cluster=self.name, database=database)
                return []
        except rpc.Conflict as error:
            log.warning("registry.not_adopted", cluster=self.name, database=database, code=error.code)
        try:
            await quarantine(self.makes, database)
        except orm.Error as error:
            return [alerts.Found(f"{self.name}: {database}", f"unknown, and cannot be closed: {error}")]
        log.error("registry.quarantined", cluster=self.name, database=database)
        return []

    async def _taken_up(self, found: Found) -> bool:
        """Whether it is served from now on: only a database that was open, and only if no other is its customer's."""
        identity, job = found.identity, self.app.program(Kind.JOB)
        if identity is None or not found.is_open or identity.plan not in get_args(Plan):
            return False
        customer = next((one for one in self.known if one.customer == identity.id and not one.former), None)
        if customer is None:
            await job(
                registry.adopt,
                customer=identity.id,
                slug=identity.slug,
                plan=identity.plan,  # type: ignore[arg-type]  # one of them, as was looked at above
                created_at=identity.created_at,
                cluster=self.name,
                database=found.database,
            )
            return True
        if customer.database != found.database or await self.makers[customer.cluster].is_open(customer.database):
            return False
        await job(registry.found_at, customer=identity.id, source=customer.cluster, target=self.name)
        return True


def _missing(known: list[Known], there: Databases) -> list[alerts.Found]:
    lying = {name: set(databases) for name, databases in there.items()}
    return [
        alerts.Found(f"{one.cluster}: {one.database}", "a customer without a database")
        for one in known
        if one.state in THERE and not one.busy and one.database not in lying.get(one.cluster, ())
    ]


async def check_all(app: Application, still_at_it: StillAtIt) -> None:
    """As a job: every database's catalogue and roles are what provisioning makes."""
    await app.refresh()
    password, told = role_password(master_key(app.settings, "provisioner"), BACKUP), []
    for one in await app.program(Kind.JOB)(registry.known):
        if one.former or one.busy or one.state not in THERE:
            continue
        await still_at_it()
        where = app.fleet.named(one.cluster)
        address = orm.Address(where.host, where.port, MAINTENANCE, BACKUP, password)
        try:
            findings = await check_catalogue(address, one.database)
        except orm.Error as error:
            told.append(alerts.Found(f"{one.cluster}: {one.database}", f"cannot be looked at: {error}"))
        else:
            told += [
                alerts.Found(f"{one.cluster}: {one.database}", f"{found.kind}: {found.detail}") for found in findings
            ]
    await tell(app, "catalogue", told)


async def check_roles(app: Application, still_at_it: StillAtIt) -> None:
    """As a job, every few minutes: no role has settings of its own making."""
    await app.reading.changed()
    known, told = await app.program(Kind.JOB)(registry.known), []
    for name, cluster in app.fleet.all().items():
        await still_at_it()
        here = [one for one in known if one.cluster == name and one.state in THERE and not (one.former or one.busy)]
        changed = await changed_settings(provisioner(app.settings, cluster), [one.database for one in here])
        told += [
            alerts.Found(f"{name}: {database}", one.detail) for database, found in changed.items() for one in found
        ]
    await tell(app, "roles", told)
