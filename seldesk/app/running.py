"""What a process stands on while it runs: its database, its children, and when it is told to end."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import structlog

import orm
from orm.embedded import Embedded
from seldesk.app.fleet import Cluster
from seldesk.app.keys import role_password
from seldesk.keyring import master_key
from seldesk.layers import SettingsError
from seldesk.settings import Settings

log = structlog.get_logger()


def cluster(settings: Settings, host: str | None = None, port: int | None = None) -> Cluster:
    """Where the databases are; the embedded server tells its own port."""
    key = master_key(settings, "connection")
    return Cluster(host or settings.database.host, port or settings.database.port, partial(role_password, key))


def embedded(settings: Settings) -> Embedded:
    return Embedded(settings.home / "postgres", port=0)


@dataclass(frozen=True, slots=True)
class Database:
    """Where the customers are. Of a server that is not ours the superuser is not known."""

    cluster: Cluster
    superuser: orm.Address | None

    @property
    def setup(self) -> orm.Address:
        """Who may set the cluster up."""
        if self.superuser is None:
            raise SettingsError("To prepare a cluster name its superuser: seldesk migrate --superuser postgres")
        return self.superuser


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """An embedded server that this call had to start is stopped at the end; one that ran before runs on."""
    if not settings.database.embedded:
        yield Database(cluster(settings), None)
        return
    server = embedded(settings)
    ran_before = server.running()
    started = server.start()
    try:
        yield Database(cluster(settings, started.superuser.host, started.superuser.port), started.superuser)
    finally:
        if not ran_before:
            server.stop()


@contextmanager
def child(command: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Another `seldesk` process that ends with this block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "seldesk", command], env={**os.environ, **environment}, start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def until_told(work: asyncio.Task[None]) -> None:
    """Run until SIGINT or SIGTERM; the second one is for whoever cannot wait."""
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        log.info("stopped")
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(sign)
