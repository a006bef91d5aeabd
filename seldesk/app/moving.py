"""A customer moves to another cluster: killed anywhere, it is on one of the two, whole."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

import orm
import rpc
from orm.embedded import binaries
from orm.provision import BACKUP, Identity, Provisioner, contents, copy, discard, keep_out, let_in, mark, size
from orm.provision.facts import disk_used, server_facts
from seldesk.app.budget import Budget
from seldesk.app.build import Application
from seldesk.app.installation import MAINTENANCE, provisioner
from seldesk.app.keys import role_password
from seldesk.jobs.provision import Held
from seldesk.keyring import master_key
from seldesk.methods.control import clusters, moves

log = structlog.get_logger()
# How long the doors stay closed at most: what a copy and two looks at every row take on a slow machine.
LEAST_CLOSED, BYTES_A_SECOND = 20.0, 5_000_000
# What the copy needs there: its own size, and as much in the log while it is written; and what must be left.
GROWTH, LEFT = 2, 1_000_000_000
LOOK = 1.0  # seconds between two looks at the clock
# From here on there is no way back: until then the old side is opened again if the move ends.
SWITCHED = ("switched", "open")


class CannotMove(Exception):
    """The move ends, and the customer stays where it was."""


@dataclass(frozen=True)
class Move:
    """One attempt, under its lease. Steps: checked, cloned, closing, copied, equal, switched, open."""

    app: Application
    held: Held
    source: Provisioner
    target: Provisioner
    database: str

    async def run(self) -> None:
        """Whoever takes over what another left does not try again: it opens the side that holds the customer."""
        if self.held.claim.step in SWITCHED:
            await self._open()
        elif self.held.claim.step in ("", "checked", "cloned"):
            await self._try()
        else:
            await self._undo("The move was interrupted. Ask for it again.")

    async def _try(self) -> None:
        try:
            closed_for = await self._check()
        except (CannotMove, orm.Error, OSError) as error:
            await self._told(moves.resume, error=str(error))
            return
        try:
            await self._clone()
            await self._announced()
            async with asyncio.timeout(closed_for):
                await self._close(closed_for)
                await self._copy()
        except rpc.Conflict:
            raise
        except (CannotMove, TimeoutError, orm.Error, OSError) as error:
            log.exception("move.undone", customer=self.held.claim.customer.slug)
            await self._undo(str(error) or f"{type(error).__name__}: it took longer than was announced")
            return
        # Nothing is undone from here on: whether a call that failed was written is not known to its caller.
        await self._switch()
        await self._open()

    async def _check(self) -> float:
        """Whether it can be done at all, before anything is touched; for how many seconds the doors will be closed."""
        await self._take_over(self.source, self.target)
        from_major = (await server_facts(self.source.address)).major
        to_major = (await server_facts(self.target.address)).major
        if to_major < from_major:
            raise CannotMove(f"The target is PostgreSQL {to_major}, which cannot read what {from_major} writes.")
        if await self.target.is_open(self.database):
            raise CannotMove("The target has an open database of this customer: find out which one is the newer.")
        large = await size(self.source, self.database)
        await self._check_room(large)
        closed_for = LEAST_CLOSED + large / BYTES_A_SECOND
        await self._told(moves.announce, seconds=round(closed_for))
        log.info("move.announced", customer=self.held.claim.customer.slug, seconds=round(closed_for))
        await self.held.done("checked")
        return closed_for

    async def _check_room(self, large: int) -> None:
        """On the target's disk, where it is known how much that holds."""
        name = self.held.claim.target
        (disk,) = [row.disk_gb for row in await self.held.control(clusters.directory) if row.name == name]
        if not disk:
            log.warning("move.room_unknown", cluster=name)
            return
        free, needed = disk * 1_000_000_000 - await disk_used(self.target.address), GROWTH * large + LEFT
        if free < needed:
            raise CannotMove(
                f"{name} has {max(free, 0) / 1e9:.1f} of {disk} GB free, and this customer needs {needed / 1e9:.1f} GB."
            )

    async def _announced(self) -> None:
        """Wait until the moment at which the doors close, as people were told."""
        closes_at = self.held.claim.customer.closes_at
        while closes_at is not None and (left := (closes_at - self.app.clock.now()).total_seconds()) > 0:
            await self.held.keep()
            await asyncio.sleep(min(left, LOOK))

    async def _clone(self) -> None:
        await self._take_over(self.target)
        # Left from an earlier try, or by a move away from there: never opened since.
        await discard(self.target, self.database)
        await self.target.clone(self.database, connection_limit=Budget.of(self.app.settings).customer_limit)
        await self._take_over(self.target)
        await self.held.done("cloned")

    async def _close(self, seconds: float) -> None:
        back_at = self.app.clock.now() + timedelta(seconds=seconds)
        await self._told(moves.pause, back_at=back_at)
        await keep_out(self.source, self.database)

    async def _copy(self) -> None:
        key = master_key(self.app.settings, "provisioner")
        address = self.source.address
        backup = orm.Address(address.host, address.port, MAINTENANCE, BACKUP, role_password(key, BACKUP))
        await copy(binaries(), backup, self.target, self.database)
        await self.held.done("copied")
        before = await contents(self.source, self.database)
        after = await contents(self.target, self.database)
        if different := sorted(name for name in before | after if before.get(name) != after.get(name)):
            raise CannotMove(f"The copy is not the same in {', '.join(different[:5])}.")
        customer = self.held.claim.customer
        identity = Identity(customer.id, customer.slug, customer.plan, customer.created_at)
        await self.target.finish(self.database, identity=identity, opened=False)
        await self.held.done("equal")

    async def _switch(self) -> None:
        claim = self.held.claim
        await self._told(moves.switch, source=claim.customer.cluster, target=claim.target)

    async def _open(self) -> None:
        """After the switch: only what has been switched to is ever opened."""
        await self._take_over(self.target)
        await let_in(self.target, self.database)
        await self._told(moves.finish)
        for left in await self.held.control(moves.former, customer=self.held.id):
            if left.cluster in self.app.fleet.all():
                there = provisioner(self.app.settings, self.app.fleet.named(left.cluster)).under(self.target.token)
                await self._take_over(there)
                await keep_out(there, left.database, everybody=True)
        await self.held.release()

    async def _undo(self, error: str) -> None:
        await self._take_over(self.source, self.target)
        if await self.target.is_open(self.database):
            raise CannotMove("The target has been opened meanwhile: nothing is dropped, and a person must decide.")
        await discard(self.target, self.database)
        await let_in(self.source, self.database)
        await self._told(moves.resume, error=error)

    async def _take_over(self, *sides: Provisioner) -> None:
        """From here on whoever slept over this cannot go on with it there."""
        await self.held.keep()
        for side in sides:
            await mark(side, self.database)

    async def _told(self, method: rpc.Method[..., None], **given: object) -> None:
        claim = self.held.claim
        await self.held.control(method, customer=claim.customer.id, fence=claim.fence, **given)


async def move(app: Application, held: Held) -> None:
    """The work of a move that was asked for. Needs the provisioner's key."""
    await app.reading.changed()
    customer, settings = held.claim.customer, app.settings
    source = provisioner(settings, app.fleet.named(customer.cluster), customer.credentials)
    target = provisioner(settings, app.fleet.named(held.claim.target), customer.credentials)
    token = orm.uuid7()
    await Move(app, held, source.under(token), target.under(token), customer.database).run()


async def drop_former(app: Application, still_at_it: Callable[[], Awaitable[None]]) -> None:
    """As a job: drop what customers left behind a week ago and that nobody was let into since."""
    await app.reading.changed()
    control = app.program(rpc.Kind.JOB)
    for left in await control(moves.over):
        await still_at_it()
        there = provisioner(app.settings, app.fleet.named(left.cluster))
        if await there.is_open(left.database):
            log.error("former.open", cluster=left.cluster, database=left.database)
            continue
        await there.drop(left.database)
        await control(moves.dropped, cluster=left.cluster, database=left.database)
