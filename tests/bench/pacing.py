"""An open loop: requests leave at fixed times, whatever came back, and are timed from when they were due.

wrk cannot do it: each of its connections waits for an answer before it sends again, its delay() then counts whole
milliseconds, and its clock starts when a request leaves, so that what had to wait is not seen. This sender is for rates
far below what it could send itself; how late it was, and what it used of a processor, is told with what it saw.
"""

import asyncio
import gc
import os
import re
import secrets
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from selectors import SelectSelector

from tests.bench.load import ONCE, Sample
from tests.bench.operations import Operation

ANSWERED_WITHIN = 60  # seconds after the last request is due
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
BUFFER = 1 << 20  # bytes; with the default, reading a page stops twice
_RUN = 6  # bytes of a form's key that are the run's; ten digits for the request follow

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Passed:
    """What was answered, in microseconds from when it was due, and by how many each request left too late."""

    latency: Counter[int] = field(default_factory=Counter)
    late: Counter[int] = field(default_factory=Counter)
    failed: int = 0


async def pace(ask: Callable[[int], Awaitable[bool]], rate: float, number: int) -> Passed:
    """So many requests, so many a second by the clock of the running loop. ask says whether the answer was right."""
    loop, passed = asyncio.get_running_loop(), Passed()
    begun = loop.time()

    async def one(position: int, due: float) -> None:
        passed.late[_microseconds(loop.time() - due)] += 1
        if await ask(position):
            passed.latency[_microseconds(loop.time() - due)] += 1
        else:
            passed.failed += 1

    async with asyncio.TaskGroup() as group:
        for position in range(number):
            due = begun + position / rate
            await asyncio.sleep(due - loop.time())
            group.create_task(one(position, due))
    return passed


def run(operation: Operation, ports: Sequence[int], connections: int, rate: float, number: int) -> Sample:
    """By a process of its own, which has nothing else to do."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_run, operation, ports, connections, rate, number).result()


def _run(operation: Operation, ports: Sequence[int], connections: int, rate: float, number: int) -> Sample:
    # To collect what was imported takes longer than a request may be late.
    gc.freeze()
    gc.disable()
    # Who asks from elsewhere does not wait for a processor of this machine. Without the right to it, it says how late.
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    with asyncio.Runner(loop_factory=_punctual) as runner:
        return runner.run(_sent(operation, ports, connections, rate, number))


def _punctual() -> asyncio.AbstractEventLoop:
    """Epoll, and uvloop with it, waits for whole milliseconds."""
    return asyncio.SelectorEventLoop(SelectSelector())


async def _sent(operation: Operation, ports: Sequence[int], connections: int, rate: float, number: int) -> Sample:
    async with AsyncExitStack() as stack, asyncio.timeout(number / rate + ANSWERED_WITHIN):
        sender = Sender(operation, ports, stack)
        await sender.connect(connections)
        begun, used = time.monotonic(), time.process_time()
        passed = await pace(sender.ask, rate, number)
        seconds, used = time.monotonic() - begun, time.process_time() - used
    return Sample(
        requests=passed.latency.total(),
        seconds=seconds,
        bytes=sender.bytes,
        failed=passed.failed,
        cpu=used / seconds,
        latency=passed.latency,
        late=passed.late,
    )


class Sender:
    """Connections are kept, and used in turn at each port. While all of them wait for answers one more is opened: no
    request waits for the answer to another.
    """

    def __init__(self, operation: Operation, ports: Sequence[int], stack: AsyncExitStack) -> None:
        self.bytes = 0
        self._operation, self._ports, self._stack = operation, ports, stack
        self._free: list[deque[Connection]] = [deque() for _ in ports]
        self._keyed, self._key = ONCE.encode() in operation.requests[0], secrets.token_hex(_RUN)

    async def connect(self, connections: int) -> None:
        for position in range(connections):
            at = position % len(self._ports)
            self._free[at].append(await self._connected(at))

    async def ask(self, position: int) -> bool:
        at = position % len(self._ports)
        try:
            connection = self._free[at].popleft() if self._free[at] else await self._connected(at)
            reader, writer = connection
            writer.write(self._request(position))
            status, body = await _answer(reader)
        except (OSError, EOFError):
            return False
        self._free[at].append(connection)
        self.bytes += len(body)
        return status == self._operation.status and self._operation.marker in body

    def _request(self, position: int) -> bytes:
        request = self._operation.requests[position % len(self._operation.requests)]
        return request.replace(ONCE.encode(), f"{self._key}{position:010}".encode()) if self._keyed else request

    async def _connected(self, at: int) -> Connection:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._ports[at], limit=BUFFER)
        self._stack.callback(writer.close)
        return reader, writer


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body. ValueError for an answer that does not say how long it is."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    if length is None:
        raise ValueError("An answer does not say how long it is.")
    return int(head.split(b" ", 2)[1]), await reader.readexactly(int(length[1]))


def _microseconds(seconds: float) -> int:
    return round(seconds * 1e6)
