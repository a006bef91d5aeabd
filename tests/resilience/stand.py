"""Seldesk as it runs: two processes of web, a worker, a receiver of mail, a relay, and a PostgreSQL of its own."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from orm.embedded import Embedded
from orm.testing import Server
from rpc import Kind
from seldesk.app import installation
from seldesk.methods.control import customers
from seldesk.methods.desk import housekeeping
from tests.acceptance.killable import Process, process
from tests.faults import free_port, superuser, until
from tests.jobs.sink import Sink, listening
from tests.resilience.ledger import Ledger, check_mails
from tests.resilience.load import at_work
from tests.world import World, settings
from tests.world import world as made

UUID_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAMED = """
SELECT object_id FROM app.attachments UNION SELECT object_id FROM app.draft_files
UNION SELECT object_id FROM app.mails WHERE object_id IS NOT NULL
"""
OTHERS = ("globex", "initech")
READY, PATIENCE = 120.0, 120.0
# What a customer has written before something happens, and after it, each.
ENOUGH = 8
# Not what is told minutes later: of plans, for one.
STAYING = """
SELECT (kind, state, attempts, due_at, lease_until, error, now())::text FROM app.outbox
WHERE state IN ('new', 'running') AND (attempts > 0 OR due_at <= now()) LIMIT 5
"""


@dataclass
class Stand:
    world: World
    webs: Sequence[Process]
    worker: Process
    ledgers: Sequence[Ledger]
    sink: Sink
    ports: Sequence[int]
    smtp: int

    async def more(self) -> None:
        """Until all customers have been acknowledged some more."""
        wanted = [len(ledger.acknowledged) + ENOUGH for ledger in self.ledgers]

        async def reached() -> bool:
            return all(len(one.acknowledged) >= want for one, want in zip(self.ledgers, wanted, strict=True))

        await until(reached, PATIENCE)

    def last_failure(self, since: float) -> float:
        """Seconds until the last call that was refused."""
        ended = [failure.ended for ledger in self.ledgers for failure in ledger.failures]
        return max((at - since for at in ended if at > since), default=0.0)

    @property
    def failures(self) -> int:
        return sum(len(ledger.failures) for ledger in self.ledgers)

    async def check(self, *, twice: int = 0) -> None:
        """The invariants, once all mail has left."""
        for ledger in self.ledgers:
            try:
                await until(partial(self._has_left, ledger), PATIENCE)
            except TimeoutError:
                staying, told = await self._staying(ledger), self.worker.log.read_text()[-8000:]
                raise AssertionError(ledger.desk.slug, staying, told) from None
        for ledger in self.ledgers:
            await ledger.check(self.world)
        await check_mails(self.world, self.ledgers, self.sink.taken, twice=twice)
        await self._check_registry()
        for ledger in self.ledgers:
            await self._check_objects(ledger)

    async def _has_left(self, ledger: Ledger) -> bool:
        await self.world.app.control.tell("control", ("wakeups", str(ledger.desk.id)))
        await asyncio.sleep(0.2)
        return not await self._staying(ledger)

    async def _staying(self, ledger: Ledger) -> list[str]:
        return await self.world.rows(ledger.desk, STAYING)

    async def _check_registry(self) -> None:
        """I6: databases, roles and folders are those of the customers that are known, and nobody else's."""
        known = await self.world.app.program(Kind.COMMAND)(customers.list)
        async with superuser(self.world.server, "postgres") as connection:
            databases = await connection.fetch("SELECT datname FROM pg_database WHERE datname ~ '^c_'")
            roles = await connection.fetch("SELECT rolname FROM pg_roles WHERE rolname ~ '^([a-z]+_)?c_[a-z0-9]+$'")
        assert {row["datname"] for row in databases} == {customer.database for customer in known}
        expected = {f"{kind}{customer.database}" for customer in known for kind in ("", "own_", "ro_", "read_")}
        assert {row["rolname"] for row in roles} == expected
        for store in map(Path, self.world.app.settings.stores):
            there = {folder.name for folder in store.iterdir() if UUID_NAME.fullmatch(folder.name)}
            assert there <= {str(customer.id) for customer in known}

    async def _check_objects(self, ledger: Ledger) -> None:
        """I6: every store has each file that a row names, and when the sweep has been there nothing else."""
        desk, clock = ledger.desk, self.world.clock
        named = set(await self.world.rows(desk, NAMED))
        assert named
        clock.move(timedelta(days=2))
        await desk.program(Kind.JOB)(housekeeping.sweep)
        clock.move(timedelta(days=-2))
        for store in map(Path, self.world.app.settings.stores):
            assert {path.name for path in (store / str(desk.id)).rglob("*") if path.is_file()} == named


def postgres_of(world: World) -> Embedded:
    """The same server, to be started again."""
    return Embedded(world.server.log.parent, port=world.server.superuser.port)


def processes_of(world: World) -> list[int]:
    """The postmaster, and all that came of it."""
    postmaster = int((world.server.log.parent / "data" / "postmaster.pid").read_text().split()[0])
    return [postmaster, *children_of(postmaster)]


def children_of(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found += [int(folder.name)] if int(words[1]) == parent else []
    return found


@asynccontextmanager
async def stopped(pids: Sequence[int]) -> AsyncIterator[None]:
    """These processes stand still."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def stand(folder: Path, within: Path | None = None) -> AsyncIterator[Stand]:
    """Everything runs, and nobody works yet."""
    port, kept = free_port(), {"synchronous_commit": "on", "max_wal_size": "64MB"}
    async with AsyncExitStack() as stack:
        server = stack.enter_context(Server(settings={"port": str(port), **kept}, within=within))
        await installation.prepare(settings(folder), server.superuser)
        world = await stack.enter_async_context(made(server, folder))
        world.clock.set(datetime.now(UTC))
        desks = [world.acme, *[await world.neighbour(slug) for slug in OTHERS]]
        sink = Sink()
        relay = await stack.enter_async_context(listening(sink))
        ports, smtp = [free_port(), free_port()], free_port()
        given = {
            "SELDESK_SMTP_OUT__HOST": "127.0.0.1",
            "SELDESK_SMTP_OUT__PORT": str(relay),
            "SELDESK_SMTP_OUT__TLS": "none",
            "SELDESK_SMTP_IN__PORT": str(smtp),
            "SELDESK_LIMITS__LEASE_SECONDS": "10",
        }
        webs = [
            await stack.enter_async_context(process(world, "web", folder, **given, SELDESK_PORT=str(at)))
            for at in ports
        ]
        worker = await stack.enter_async_context(process(world, "worker", folder, **given))
        receiver = await stack.enter_async_context(process(world, "mail", folder, **given))
        for one in (*webs, worker, receiver):
            await one.start()
        for at in (*ports, smtp):
            await until(partial(listens, at), READY)
        yield Stand(world, webs, worker, [Ledger(desk) for desk in desks], sink, ports, smtp)
        for one in (*webs, worker, receiver):
            status = await one.stop()
            assert status == 0, (one.command, status, one.log.read_text()[-2000:])


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


@asynccontextmanager
async def busy(one: Stand) -> AsyncIterator[float]:
    """Everybody works, before, during and after what happens in the block; answers when it began."""
    async with at_work(one.ledgers, one.ports, one.smtp):
        await one.more()
        yield time.monotonic()
        await one.more()
