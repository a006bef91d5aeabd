"""The application as commands have it, and what an operator can mend when it cannot be had."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn, TypeVar

import uvloop

import orm
import rpc
from orm.embedded import EmbeddedError
from seldesk.app.build import Application, NotReady, opened
from seldesk.app.running import Database, database
from seldesk.layers import SettingsError
from seldesk.logs import configure
from seldesk.settings import Settings
from seldesk.storage import StorageError

R = TypeVar("R")
FAILURES = (NotReady, SettingsError, StorageError, EmbeddedError, orm.Error, rpc.Error, OSError)


@contextmanager
def explained(tell: Callable[[str], NoReturn]) -> Iterator[None]:
    """What an operator can mend is told in a sentence, also where it comes out of tasks that ran side by side; of
    everything else the traceback is what helps. Ctrl+C is exit status 130.
    """
    try:
        yield
    except (*FAILURES, ExceptionGroup) as error:
        causes = list(_causes(error))
        if not all(isinstance(cause, FAILURES) for cause in causes):
            raise
        tell("\n".join(dict.fromkeys(str(cause) or type(cause).__name__ for cause in causes)))
    except KeyboardInterrupt:
        sys.exit(130)


def _causes(error: Exception) -> Iterator[Exception]:
    if isinstance(error, ExceptionGroup):
        for each in error.exceptions:
            yield from _causes(each)
    else:
        yield error


def settings() -> Settings:
    """From the file in SELDESK_CONFIG and the environment."""
    loaded = Settings.load(None, os.environ)
    configure(loaded.log.level, console=loaded.development and sys.stderr.isatty(), stream=sys.stderr)
    return loaded


def superuser(name: str, host: str, port: int) -> orm.Address:
    """Who sets a cluster up; the password is taken from PGPASSWORD."""
    return orm.Address(host, port, "postgres", name, os.environ.get("PGPASSWORD", ""))


def set_up_by(name: str, found: Database, chosen: Settings) -> Database:
    """With this superuser, where one was named."""
    there = chosen.database
    return replace(found, superuser=superuser(name, there.host, there.port)) if name else found


def with_application(work: Callable[[Application], Awaitable[R]]) -> R:
    async def run() -> R:
        async with opened(chosen, found.cluster) as app:
            return await work(app)

    chosen = settings()
    # The loop of uvloop takes half of the time for what a socket brings.
    with database(chosen) as found, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())
