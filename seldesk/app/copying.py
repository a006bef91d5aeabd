"""Full backups: nothing is one that was not read back from every store and decoded as a whole."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

import orm
import rpc
from orm.embedded import EmbeddedError, binaries
from orm.provision import BACKUP
from rpc import Kind
from seldesk.app.attempt import Attempt, Result, decoded
from seldesk.app.build import Application, backup_identities
from seldesk.app.keys import role_password
from seldesk.app.stores import archive, manifest_key
from seldesk.jobs.provision import Held
from seldesk.keyring import master_key
from seldesk.layers import SettingsError
from seldesk.methods.control import copies, customers
from seldesk.methods.control.copies import Begun, Ended
from seldesk.methods.control.customers import CustomerRow
from seldesk.storage import Archive, BackupIdentities, Damaged, Locked, ManifestKey, StorageError
from seldesk.storage.sealing import Sealed
from seldesk.surroundings import OPERATOR

log = structlog.get_logger()
FAILURES = (orm.Error, StorageError, EmbeddedError, SettingsError, OSError, TimeoutError)


class NotCopied(Exception):
    """No copy was made. The catalogue says why, and an alert stands."""


@dataclass(frozen=True, slots=True)
class Replica:
    """A copy in one store, which is named as in the settings. fault is "" where it is good."""

    store: str
    fault: str


@dataclass(frozen=True)
class Copier:
    """Makes copies, under whatever operation holds the customer. Needs the provisioner's, backup and manifest keys."""

    app: Application
    # Where PostgreSQL's programs are, if not where they are usually looked for.
    chosen: Path | None = None

    @cached_property
    def dumping(self) -> asyncio.Semaphore:
        """So many at once: what is dumped is brought to the stores, and read back from there, beside the next."""
        return asyncio.Semaphore(max(1, self.app.settings.backups.at_once))

    async def copy(self, held: Held) -> None:
        """The work of the operation "copy"; what failed is asked for again by the schedule."""
        wanted: Any = held.claim.target or "scheduled"
        smaller = wanted == copies.SMALLER
        try:
            released = await self.make(held, "asked" if smaller else wanted, smaller=smaller, last=True)
        except NotCopied as error:
            await held.release(str(error))
        else:
            if not released:
                await held.release()

    async def make(self, held: Held, kind: copies.Kind, *, smaller: bool = False, last: bool = False) -> bool:
        """One copy; NotCopied. Its lease is kept, unless this was the last of it: answers whether it was given back."""
        told, cluster = Told(held), held.claim.customer.cluster
        begun: Begun = await told(copies.begin, kind=kind, cluster=cluster, smaller=smaller)
        log.info("copy.begun", customer=held.claim.customer.slug, copy=str(begun.copy))
        gone: list[UUID] = []
        try:
            gone = await self._remove(held.id, begun.left_over)
            result = await self._attempt(held, told, begun, kind)
        except rpc.Error:
            raise
        except Exception as error:
            # Whatever it was: a copy that is not made must be told of.
            log.exception("copy.failed", customer=held.claim.customer.slug)
            result = Result(error=_sentence(error))
        if result.error:
            ended = await told(
                copies.failed, copy=begun.copy, error=result.error, facts=result.facts, replicas=result.replicas
            )
        else:
            ended = await told(
                copies.verified,
                copy=begun.copy,
                facts=result.facts,
                replicas=result.replicas,
                last=last and not gone,
            )
        await self._end(held, told, result, ended, gone)
        if result.error:
            raise NotCopied(result.error)
        released: bool = ended.released
        return released

    async def verify(self, slug: str, copy: UUID) -> list[Replica]:
        """Reads all of a copy in each store, and decodes it from there."""
        command = self.app.program(Kind.COMMAND)
        customer = (await command(customers.read, slug=slug)).id if slug else OPERATOR.id
        identity, found = await self.identities.identity(customer), []
        for store, place in enumerate(self.app.settings.stores):
            try:
                manifest = await self.archive.check(store, customer, copy)
                known = Sealed(manifest.size, bytes.fromhex(manifest.sha256), manifest.archive_size)
                if await decoded(self.programs, self.archive.chunks(store, customer, copy), identity) != known:
                    raise Damaged("It does not open to what was dumped.")
            except FAILURES as error:
                found.append(Replica(place, _sentence(error)))
            else:
                found.append(Replica(place, ""))
        return found

    async def ask_for_due(self, still_at_it: Callable[[], Awaitable[None]]) -> None:
        """As a job: ask for the copies whose time has come."""
        await self.app.program(Kind.JOB)(copies.ask_for_due)

    @cached_property
    def identities(self) -> BackupIdentities:
        return backup_identities(self.app.settings)

    @cached_property
    def key(self) -> ManifestKey:
        return manifest_key(self.app.settings)

    @cached_property
    def archive(self) -> Archive:
        return archive(self.app.settings, deleting=True)

    @cached_property
    def programs(self) -> Path:
        return self.chosen or binaries()

    def address(self, customer: CustomerRow) -> orm.Address:
        """Of its database, as the one who makes the copies and reads all of it."""
        own = customer.id == OPERATOR.id
        where, database = self.app.fleet.named(customer.cluster), customer.database
        password = role_password(master_key(self.app.settings, "provisioner"), BACKUP)
        return orm.Address(
            where.host, where.port, self.app.settings.database.control if own else database, BACKUP, password
        )

    async def _attempt(self, held: Held, told: "Told", begun: Begun, kind: copies.Kind) -> Result:
        customer, copy = held.claim.customer, begun.copy
        if customer.id == OPERATOR.id:
            await self.identities.create(customer.id)
        try:
            identity = await self.identities.identity(customer.id)
        except (Damaged, Locked) as error:
            raise Locked(
                "The backup identity of this customer is gone, or the backup key does not open it: nothing was touched."
            ) from error
        attempt = Attempt(
            customer=customer,
            copy=copy,
            kind=kind,
            least=begun.least,
            programs=self.programs,
            address=self.address(customer),
            archive=self.archive,
            files=self.app.storage,
            identity=identity,
            key=self.key,
            spool=self.app.settings.backups.spool,
            deadline=timedelta(minutes=self.app.settings.backups.dump_minutes),
            now=self.app.clock.now,
            dumping=self.dumping,
            sealed_so_far=lambda size: told(copies.progressed, copy=copy, size=size),
            done=held.done,
        )
        return await attempt.run()

    async def _end(self, held: Held, told: "Told", result: Result, ended: Ended, gone: list[UUID]) -> None:
        for alert in ended.alerts:
            log.error("alert", check=copies.CHECK, subject=alert.subject, detail=alert.detail)
        gone += await self._remove(held.id, ended.superseded)
        if gone:
            await told(copies.forget, copies=gone)
        if not result.error:
            log.info("copy.verified", customer=held.claim.customer.slug, size=result.facts and result.facts.size)

    async def _remove(self, customer: UUID, attempts: list[UUID]) -> list[UUID]:
        """Objects of attempts that count for nothing. A store that is away is asked once, and again next time."""
        left: set[UUID] = set()
        for store in range(len(self.archive.stores) if attempts else 0):
            for position, copy in enumerate(attempts):
                try:
                    await self.archive.delete(customer, copy, store)
                except StorageError:
                    left.update(attempts[position:])
                    break
        return [copy for copy in attempts if copy not in left]


@dataclass(frozen=True, slots=True)
class Told:
    """Calls on the catalogue, each with the number of the operation under which this is done."""

    held: Held

    def __call__(self, method: rpc.Method[..., Any], **given: Any) -> Coroutine[Any, Any, Any]:
        claim = self.held.claim
        return self.held.control(method, customer=self.held.id, operation=claim.kind, fence=claim.fence, **given)


def _sentence(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "The dump took longer than backups.dump_minutes allows."
    return (str(error) if isinstance(error, FAILURES) else "") or type(error).__name__
