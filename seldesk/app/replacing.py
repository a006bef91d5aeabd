"""A copy takes the place of the living database: killed anywhere before that, the customer is as it was."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog

import orm
import rpc
from orm.provision import (
    Identity,
    Names,
    carry_over,
    keep,
    keep_out,
    let_in,
    raise_numbers,
    retire,
    swap,
    weigh,
    written_since,
)
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.copying import Copier, NotCopied
from seldesk.app.installation import provisioner
from seldesk.app.restoring import CARRIED, FOR_GOOD, MOST_ATTEMPTS, CannotRestore, Restoring, alone
from seldesk.app.stores import archive
from seldesk.jobs.provision import Held
from seldesk.methods.control import customers, restores
from seldesk.methods.control.restores import Restore
from seldesk.methods.desk import mails, restored
from seldesk.storage import StorageError

log = structlog.get_logger()
# How long the doors are closed at most: what is newer and about safety is carried over, and two names are changed.
LEAST_CLOSED, BYTES_A_SECOND = 30.0, 5_000_000
# From the first on the doors are to be opened again if it ends here; at the second they were being opened.
CLOSING, UNDOING = "closing", "undoing"
MOST_MAILS = 10_000


class Replacing(Restoring):
    """Beside the living database until the end, under the same roles. Steps: equal, closing, undoing."""

    @property
    def names(self) -> Names:
        return Names(self.held.claim.customer.database)

    async def run(self) -> None:
        step = self.held.claim.step
        await self.take_over(self.names.place)
        if step == CLOSING and not await self.makes.exists(self.names.new):
            await self._open()
            return
        if step in (CLOSING, UNDOING):
            await self._undo()
        try:
            if self.row.attempts > MOST_ATTEMPTS:
                raise CannotRestore(f"It was begun {MOST_ATTEMPTS} times and never came to its end.")
            superseded, forgotten = await self._prepare()
        except rpc.Conflict:
            raise
        except (CannotRestore, TimeoutError, *FOR_GOOD) as error:
            await self._failed(error)
            return
        try:
            closed_for = LEAST_CLOSED + await self._weigh() / BYTES_A_SECOND
            async with asyncio.timeout(closed_for):
                await self._replace(closed_for, superseded, forgotten)
        except rpc.Conflict:
            raise
        except (CannotRestore, TimeoutError, orm.Error, rpc.Error, OSError) as error:
            await self.held.keep()
            # Whether a change of names that failed was made is seen by what there is.
            if await self.makes.exists(self.names.new):
                await self._undo()
                await self._failed(error)
                return
        await self._open()

    async def _prepare(self) -> tuple[int, set[UUID]]:
        """All of it beside, while the customer is served; how many mails wait in it, and who was forgotten."""
        manifest = await self.check()
        if self.row.safe and await self.makes.exists(self.names.place):
            await self._copy_what_is_there()
        # What an earlier restore had taken the place of.
        await self.discard(self.names.old)
        await self.fill(self.names.new, manifest)
        superseded, customer = await self.quieten(self.names.new), self.held.claim.customer
        identity = Identity(customer.id, customer.slug, customer.plan, customer.created_at)
        await self.makes.finish(self.names.new, identity=identity, opened=False)
        return superseded, await self._forget(set())

    async def _copy_what_is_there(self) -> None:
        try:
            await Copier(self.app).make(self.held, "safety")
        except NotCopied as error:
            raise CannotRestore(f"What is there could not be copied first: {error}") from error

    async def _forget(self, forgotten: set[UUID]) -> set[UUID]:
        """What was erased is so in there too, before it has the place. Answers of whom, together with those before."""
        people = [person for person in await self.erased() if person not in forgotten]
        await self.erase_again(people, self.names.new)
        return {*forgotten, *people}

    async def _weigh(self) -> int:
        """Of what is carried over, in bytes; 0 where that cannot be read."""
        carried = [*(part.table for part in CARRIED), *restored.KEPT]
        try:
            return await weigh(self.makes, self.names.place, carried)
        except orm.Error:
            return 0

    async def _replace(self, closed_for: float, superseded: int, forgotten: set[UUID]) -> None:
        names, back_at = self.names, self.app.clock.now() + timedelta(seconds=closed_for)
        await self._told(restores.pause, back_at=back_at, superseded=superseded)
        there = await self.makes.exists(names.place)
        if there:
            await keep_out(self.makes, names.place)
        # Since it was made ready.
        await self._forget(forgotten)
        if there:
            await self._carry_newer()
        await self.held.keep()
        await swap(self.makes, names.place)

    async def _carry_newer(self) -> None:
        """Who may come in, what was done, and which numbers were given out: as it is now."""
        both = self.makes, self.names.place, self.names.new
        for act in (
            partial(carry_over, *both, CARRIED),
            partial(keep, *both, restored.KEPT),
            partial(raise_numbers, *both),
        ):
            try:
                await act()
            except orm.Error as error:
                # A database that cannot be read is taken the place of when it was asked for without a copy of it.
                if self.row.safe:
                    raise
                log.warning("restore.not_carried", customer=self.held.claim.customer.slug, error=str(error))

    async def _open(self) -> None:
        """It has the place: only what has it is ever opened."""
        await self.held.keep()
        former = self.names.old if await self.makes.exists(self.names.old) else ""
        if former:
            await retire(self.makes, self.names.place)
        await let_in(self.makes, self.names.place)
        # The doors of the processes are closed still.
        async with alone(self.app, self.held, self.row) as app:
            mark = app.program(Kind.JOB, self.held.claim.customer.slug)
            await mark(restored.mark, restore=self.row.id, copy=self.row.copy)
        await self._told(restores.finish, former=former)

    async def _undo(self) -> None:
        """Nothing was changed: the doors open again, and what stood beside goes."""
        await self.held.done(UNDOING)
        await self.discard(self.names.new)
        if await self.makes.exists(self.names.place):
            await let_in(self.makes, self.names.place)
        await self._told(restores.resume)

    async def _failed(self, error: BaseException) -> None:
        log.error("restore.failed", customer=self.held.claim.customer.slug, error=str(error))
        await self.discard(self.names.new)
        await self._told(restores.failed, error=str(error) or f"{type(error).__name__}: it took too long")

    async def _told(self, method: rpc.Method[..., None], **given: object) -> None:
        await self.held.control(method, restore=self.row.id, fence=self.held.claim.fence, **given)


async def replace(app: Application, held: Held, row: Restore) -> None:
    """The work of a restore in the living one's place. Needs the provisioner's key and the backup key."""
    customer = held.claim.customer
    makes = provisioner(app.settings, app.fleet.named(customer.cluster), customer.credentials)
    await Replacing(app, held, row, makes.under(orm.uuid7()), archive(app.settings)).run()


@dataclass(frozen=True, slots=True)
class Received:
    """Mails that came in after a copy was made, which was restored since. again: how many were taken in anew."""

    found: int
    again: int
    lost: int


async def receive_again(app: Application, slug: str, *, feed: bool) -> Received:
    """Mails of the database that a restore took the place of, from their sources; each is taken in once, however often
    this is done. Needs the provisioner's key.
    """
    customer = await app.program(Kind.COMMAND)(customers.read, slug=slug)
    done = [one for one in await app.program(Kind.COMMAND)(restores.list, slug=slug) if one.kind == "live"]
    since = next((one.snapshot_at for one in done if one.state == "done"), None)
    makes = provisioner(app.settings, app.fleet.named(customer.cluster), customer.credentials)
    old = Names(customer.database).old
    if since is None or not await makes.exists(old):
        raise CannotRestore("No database that a restore took the place of is there any more.")
    rows = await written_since(
        makes, old, restored.MAILS, restored.MAIL_COLUMNS, by="received_at", since=since, most=MOST_MAILS
    )
    if feed and rows:
        await app.program(Kind.COMMAND)(restores.feed, slug=slug, mails=len(rows))
    again = lost = 0
    for recipient, sender, source in rows if feed else ():
        again, lost = (
            (again + 1, lost) if await _taken(app, customer.id, slug, recipient, sender, source) else (again, lost + 1)
        )
    return Received(len(rows), again, lost)


async def _taken(app: Application, customer: UUID, slug: str, recipient: str, sender: str, source: UUID | None) -> bool:
    try:
        if source is None:
            return False
        raw = await app.storage.get(customer, source)
        await app.program(Kind.MAIL, slug)(mails.receive, recipient=recipient, sender=sender, raw=raw, again=True)
    except (StorageError, rpc.Error) as error:
        log.warning("restore.mail_not_taken", customer=slug, error=type(error).__name__)
        return False
    return True
