"""What a process stands on while it runs: its database, its children, and when it is told to end."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import FrameType

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
            raise SettingsError("Name the cluster's superuser, who may set it up: --superuser postgres")
        return self.superuser


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """An embedded server that this call had to start is stopped at the end; one that ran before runs on."""
    if not settings.database.embedded:
        yield Database(cluster(settings), None)
        return
    server = embedded(settings)
    ran_before = server.running()
    try:
        # Inside: whoever interrupts the start is not left with a server either.
        started = server.start()
        yield Database(cluster(settings, started.superuser.host, started.superuser.port), started.superuser)
    finally:
        if not ran_before:
            server.stop()


@contextmanager
def child(command: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Another `seldesk` process that ends with this block, and with this process however that ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "seldesk", command, "--until-eof"],
        env={**os.environ, **environment},
        # Nothing is ever written: the system closes it when this process is gone.
        stdin=subprocess.PIPE,
        start_new_session=True,
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


def end_with_input() -> None:
    """End this process as SIGTERM does when its standard input ends: whoever holds the other end is gone."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="end-with-input", daemon=True).start()


def end_as_by_interrupt() -> None:
    """SIGTERM, and SIGHUP when the terminal is closed, end a command as Ctrl+C does: what it started is stopped.

    For the main thread. SIGHUP stays ignored where nohup has said so.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        # A shell without job control has its background commands ignore it.
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    for sign in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(sign) is not signal.SIG_IGN:
            signal.signal(sign, interrupt)


async def until_told(work: asyncio.Task[None]) -> None:
    """Run until SIGINT; the second one is for whoever cannot wait."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        log.info("stopped")
    finally:
        loop.remove_signal_handler(signal.SIGINT)
