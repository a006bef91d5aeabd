"""A copy on the side: whole, quiet before anybody comes in, at an address of its own for some days; or only tested."""

from collections.abc import Awaitable, Callable

import structlog

import orm
import rpc
from orm.provision import Identity, let_in, make_readable
from rpc import Credential, Kind
from seldesk.app.build import Application
from seldesk.app.installation import provisioner
from seldesk.app.restoring import FOR_GOOD, MOST_ATTEMPTS, CannotRestore, Restoring, alone
from seldesk.app.stores import archive
from seldesk.app.telling import tell
from seldesk.jobs.provision import Held
from seldesk.methods.control import alerts, restores, sides
from seldesk.methods.control.restores import Restore
from seldesk.methods.desk import restored, tickets

log = structlog.get_logger()
StillAtIt = Callable[[], Awaitable[None]]
# No plan of a customer: what says this of itself is never taken for one.
PLAN = "side"


class Aside(Restoring):
    """In a database and under roles of its own, which nobody enters before it is as it should be."""

    async def run(self) -> None:
        await self.take_over(self.row.database)
        try:
            if self.row.attempts > MOST_ATTEMPTS:
                raise CannotRestore(f"It was begun {MOST_ATTEMPTS} times and never came to its end.")
            await self._restore()
        except rpc.Conflict:
            raise
        except (CannotRestore, TimeoutError, *FOR_GOOD) as error:
            log.exception("restore.failed", customer=self.held.claim.customer.slug, kind=self.row.kind)
            await self.discard(self.row.database)
            reason = str(error) or f"{type(error).__name__}: it took too long"
            await self._told(restores.failed, error=reason)
        except BaseException:
            await self.discard(self.row.database)
            raise

    async def _restore(self) -> None:
        database = self.row.database
        manifest = await self.check()
        seconds = await self.fill(database, manifest)
        superseded = await self.quieten(database)
        await self.carry(database)
        row = self.row
        identity = Identity(row.id, row.slug, PLAN, row.asked_at)
        await self.makes.finish(database, identity=identity, opened=False)
        await self.erase_again(await self.erased(), database)
        await self.held.keep()
        await let_in(self.makes, database)
        if not (row.writable or row.kind == "drill"):
            await make_readable(self.makes, database, but=restored.WRITTEN_BY_READING)
        if row.kind == "drill":
            await self._try_out()
            await self.discard(database)
            await self._told(restores.tested, seconds=seconds)
        else:
            await self._told(restores.opened, superseded=superseded, seconds=seconds)

    async def _try_out(self) -> None:
        """Somebody who works there signs in and reads the queue, as they would."""
        try:
            async with alone(self.app, self.held, self.row) as app:
                tried = await app.program(Kind.JOB, self.row.slug)(restored.try_out)
                if tried.session:
                    person = Credential(kind=Kind.PERSON, place=self.row.slug, secret=tried.session)
                    await app.dispatcher.calling(person)(tickets.queue)
        except rpc.Error as error:
            raise CannotRestore(f"Nobody could sign in and read the queue: {error}") from error

    async def _told(self, method: rpc.Method[..., None], **given: object) -> None:
        await self.held.control(method, restore=self.row.id, fence=self.held.claim.fence, **given)


async def aside(app: Application, held: Held, row: Restore) -> None:
    """The work of a restore on the side, or of a test. Needs the provisioner's key and the backup key."""
    makes = provisioner(app.settings, app.fleet.named(row.cluster))
    await Aside(app, held, row, makes.under(orm.uuid7()), archive(app.settings)).run()
    if row.kind == "drill":
        await tell_drills(app)


async def tell_drills(app: Application) -> None:
    """A test that failed stands until a better one."""
    bad = await app.program(Kind.JOB)(restores.bad_drills)
    told = [alerts.Found(f"{one.slug.rpartition('--')[0]}: {one.copy}", one.error[:500]) for one in bad]
    await tell(app, "drills", told)


async def remove_sides(app: Application, still_at_it: StillAtIt) -> None:
    """As a job: drop what stood on the side for its days, or never became what it should."""
    await app.reading.changed()
    control = app.program(Kind.JOB)
    for one in await control(sides.over):
        await still_at_it()
        # First nobody is led there any more.
        await control(sides.close, side=one.id)
        try:
            await provisioner(app.settings, app.fleet.named(one.cluster)).drop(one.database)
        except orm.Error as error:
            log.error("side.not_removed", cluster=one.cluster, database=one.database, error=str(error))
            continue
        await control(sides.removed, side=one.id)


async def ask_for_drills(app: Application, still_at_it: StillAtIt) -> None:
    """As a job, every night: those whose turn it is. The queue does them when nobody waits for a restore."""
    await still_at_it()
    await app.program(Kind.JOB)(restores.drill)
