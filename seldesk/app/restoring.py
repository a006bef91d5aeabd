"""A copy becomes a database again: filled, held against what was said of it, brought to this version."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

import structlog
from pyrage import x25519

import orm
from orm.embedded import binaries
from orm.provision import (
    Carried,
    NotCopied,
    NotRestored,
    Provisioner,
    carry_over,
    discard,
    disown,
    mark,
    neutralise,
    owners_address,
    restore,
)
from orm.provision import held as held_in
from orm.provision.facts import server_facts
from rpc import Kind
from seldesk.app.budget import Budget
from seldesk.app.build import Application, backup_identities, build
from seldesk.app.installation import desk_revisions, provisioner
from seldesk.app.ledger import take_in
from seldesk.jobs.provision import Held
from seldesk.layers import SettingsError
from seldesk.methods.control import restores, sides
from seldesk.methods.control.restores import Restore
from seldesk.methods.desk import erasures, restored
from seldesk.storage import Archive, Damaged, Forged, Locked, Manifest, Missing

log = structlog.get_logger()
# What another try would not mend.
FOR_GOOD = (Missing, Damaged, Forged, Locked, NotCopied, NotRestored, SettingsError)
PASSING = (orm.Unavailable, orm.TimedOut, orm.Contended)
MOST_ATTEMPTS = 3
CARRIED = tuple(Carried(*part) for part in restored.CARRIED)


class CannotRestore(Exception):
    """The restore ends, and the customer is as it was."""


@dataclass(frozen=True)
class Restoring:
    """One attempt, under its lease."""

    app: Application
    held: Held
    row: Restore
    makes: Provisioner
    archive: Archive

    async def check(self) -> Manifest:
        """Whether it can be done at all, before anything is touched."""
        customer, known = self.held.claim.customer, [step.name for step in desk_revisions().steps]
        if customer.state not in ("active", "suspended", "terminated"):
            raise CannotRestore("This customer is being erased, or is not there yet.")
        manifest = await self.archive.manifest(customer.id, self.row.copy)
        if manifest.revision not in known:
            raise CannotRestore(f"A newer version made this copy: revision {manifest.revision} is not known here.")
        if (major := (await server_facts(self.makes.address)).major) < manifest.postgresql:
            raise CannotRestore(f"PostgreSQL {major} cannot read what {manifest.postgresql} wrote.")
        await self.erased()
        await self.identity()
        return manifest

    async def identity(self) -> x25519.Identity:
        """What opens the copy. CannotRestore, SettingsError."""
        try:
            return await backup_identities(self.app.settings).identity(self.held.claim.customer.id)
        except (Damaged, Locked) as error:
            raise CannotRestore(
                "The backup identity of this customer is gone, or the backup key does not open it: nothing was touched."
            ) from error

    async def fill(self, database: str, manifest: Manifest) -> int:
        """From the first good replica into a closed database, compared table by table; in how many seconds."""
        began, customer = time.monotonic(), self.held.claim.customer
        identity = await self.identity()
        # Left from an earlier try: nobody was ever let in.
        await self.discard(database)
        await self.makes.clone(database, connection_limit=Budget.of(self.app.settings).customer_limit)
        await self.take_over(database)
        async with asyncio.timeout(2 * 60 * self.app.settings.backups.dump_minutes):
            content = self.archive.open(customer.id, self.row.copy, identity)
            await restore(binaries(), self.makes, database, content)
            await self._compare(database, manifest)
        await self.held.done("equal")
        await disown(self.makes, database, customer.id)
        report = await self.makes.upgrade([database], desk_revisions())
        if report.failed:
            raise CannotRestore(f"It cannot be brought to this version: {report.failed[0].error}")
        return max(1, round(time.monotonic() - began))

    async def take_over(self, database: str) -> None:
        """From here on whoever slept over this cannot go on with it."""
        await self.held.keep()
        await mark(self.makes, database)

    async def discard(self, database: str) -> None:
        await self.take_over(database)
        await discard(self.makes, database)

    async def quieten(self, database: str) -> int:
        """Before anybody is let in: nobody is signed in, and nothing leaves. Answers how many mails waited."""
        now = self.app.clock.now()
        return await neutralise(self.makes, database, emptied=restored.EMPTIED, queue=restored.QUEUE, now=now)

    async def carry(self, database: str) -> None:
        """From the living database, wherever that is by now, unless it is lost: who may come in is as it is now."""
        customer = self.held.claim.customer
        there = provisioner(self.app.settings, self.app.fleet.named(customer.cluster), customer.credentials)
        try:
            await carry_over(self.makes, customer.database, database, CARRIED, source_cluster=there)
        except PASSING:
            if await there.exists(customer.database):
                raise
            log.warning("restore.not_carried", customer=customer.slug)
        except orm.Error as error:
            raise CannotRestore(f"Who may come in cannot be read from the living database: {error}") from error

    async def erased(self) -> list[UUID]:
        """Everybody who ever was, as the stores say too: an erasure goes on behind its entry, and a copy may have been
        taken meanwhile. CannotRestore for a customer that was.
        """
        await take_in(self.app)
        found = await self.held.control(restores.erasures, customer=self.held.id)
        if any(one.kind == "customer" for one in found):
            raise CannotRestore("This customer was erased.")
        return [one.person for one in found if one.person]

    async def erase_again(self, people: Collection[UUID], database: str) -> None:
        """Before anybody is let in there: what was erased does not come back. By the application, as the owner."""
        if not people:
            return
        slug = self.row.slug or self.held.claim.customer.slug
        as_owner = owners_address(self.makes.address, database)
        async with self.makes.owning(database), alone(self.app, self.held, self.row, {slug: as_owner}) as app:
            job = app.program(Kind.JOB, slug)
            for person in people:
                while not await job(erasures.erase, person=person):
                    await self.held.keep()

    async def _compare(self, database: str, manifest: Manifest) -> None:
        found = {name: (one.rows, one.hash) for name, one in (await held_in(self.makes, database)).items()}
        said = {name: (one.rows, one.hash) for name, one in manifest.tables.items()}
        if different := sorted(name for name in found | said if found.get(name) != said.get(name)):
            raise CannotRestore(f"What was restored is not what was copied: {', '.join(different[:5])}.")


@asynccontextmanager
async def alone(
    app: Application, held: Held, row: Restore, elsewhere: Mapping[str, orm.Address] = MappingProxyType({})
) -> AsyncIterator[Application]:
    """An application that knows what was restored before anybody else does."""
    built, beside = build(app.settings, app.cluster, app.clock, elsewhere=elsewhere), bool(row.slug)
    side = sides.Side(
        row.id, row.customer, row.slug, row.database, row.cluster, True, row.snapshot_at, None, row.kind == "drill"
    )
    try:
        await built.refresh()
        built.directory.replace([replace(held.claim.customer, state="active", back_at=None)], [side] if beside else [])
        yield built
    finally:
        await built.close()
