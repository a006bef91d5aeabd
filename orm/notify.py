"""Messages between processes by LISTEN and NOTIFY: quick, and lost by whoever is not connected just then."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

import asyncpg
from sqlalchemy import func, select

from orm.address import Address
from orm.engine import connect_driver
from orm.session import execute
from orm.translation import FAILURES

logger = logging.getLogger(__name__)

Handler = Callable[[str, str], Awaitable[None]]

_BACKLOG = 1000  # messages that wait for a slow handler; beyond them it is told to read everything again
_CHECK = 30.0  # seconds between two looks whether a silent connection still lives
_SOONEST, _SLOWEST = 0.1, 5.0  # seconds between two attempts to connect
_CONNECTED = ("connected", "")


async def notify(*messages: tuple[str, str]) -> None:
    """Sends payloads, each under 8000 bytes, to all who listen to their channels, when this transaction commits."""
    if messages:
        await execute(select(*(func.pg_notify(channel, payload) for channel, payload in messages)))


async def listen(address: Address, channels: Sequence[str], handler: Handler) -> None:
    """Calls `handler(channel, payload)` for each message, one after another, until it is cancelled. The same message
    while it still waits is one.

    After each connection, when messages were dropped because the handler was slow, and when the handler
    failed, it calls `handler("connected", "")`: what was missed must be read from the tables.
    """
    delay = _SOONEST
    while True:
        try:
            connection = await connect_driver(address, address.connect_timeout)
        except FAILURES:
            logger.warning("no connection to listen on; next attempt in about %.1f s", delay)
        else:
            begun = monotonic()
            try:
                await _relay(connection, channels, handler)
            except FAILURES:
                logger.warning("the connection to listen on was lost")
            except Exception:
                logger.exception("a message could not be handled; all will be read again")
            finally:
                connection.terminate()
            if monotonic() - begun > _SLOWEST:
                delay = _SOONEST
        # By chance, so that processes which lost the same server do not return at the same moment.
        await asyncio.sleep(delay * (0.5 + secrets.randbelow(1000) / 1000))
        delay = min(delay * 2, _SLOWEST)


async def _relay(connection: asyncpg.Connection, channels: Sequence[str], handler: Handler) -> None:
    """Returns or raises when the connection is lost."""
    messages: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue(_BACKLOG)
    waiting: set[tuple[str, str] | None] = set()

    def put(message: tuple[str, str] | None) -> None:
        if message in waiting:
            return
        if messages.full():
            while not messages.empty():
                messages.get_nowait()
            waiting.clear()
            put(_CONNECTED)
        waiting.add(message)
        messages.put_nowait(message)

    connection.add_termination_listener(lambda _: put(None))
    for channel in channels:
        await connection.add_listener(channel, lambda _, __, name, payload: put((name, str(payload))))
    put(_CONNECTED)
    while True:
        try:
            async with asyncio.timeout(_CHECK):
                message = await messages.get()
        except TimeoutError:
            await connection.execute("SELECT 1")
            continue
        # Before it is handled: what happened since is not among what the handler reads.
        waiting.discard(message)
        if message is None:
            return
        await handler(*message)
