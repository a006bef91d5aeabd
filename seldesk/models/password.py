"""Passwords, worked on one after the other in a program that this process starts: signing in cannot starve pages."""

import asyncio
import atexit
import json
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Annotated, ParamSpec, TypeVar

from msgspec import Meta

from seldesk.models import hasher

P = ParamSpec("P")
R = TypeVar("R")
Password = Annotated[str, Meta(min_length=1, max_length=128)]
NewPassword = Annotated[str, Meta(min_length=8, max_length=128)]

_PATIENCE = 30.0  # seconds for one hash, and those before it
# For what is of another kind. One: a second one takes a core from the pages, and a process has hardly more.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="password")


class Program:
    """Started by the first job, and again when somebody ended it; it ends with this process."""

    def __init__(self) -> None:
        self._running: _Running | None = None
        self._turn = threading.Lock()

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        return None if self._running is None else self._running.process

    async def done(self, *job: str) -> object:
        """The answer to a job; see hasher. OSError when the program cannot be started, ends twice or takes too long."""
        with suppress(ConnectionError):
            return await self._answer(job)
        return await self._answer(job)

    def close(self) -> None:
        if self._running is not None:
            self._forget(self._running)

    async def _answer(self, job: tuple[str, ...]) -> object:
        with self._turn:
            running = self._running = self._running or _Running()
        try:
            async with asyncio.timeout(_PATIENCE):
                return await asyncio.wrap_future(running.ask(job))
        except OSError:
            self._forget(running)
            raise

    def _forget(self, running: "_Running") -> None:
        """Others may have started it anew meanwhile."""
        with self._turn:
            if self._running is running:
                self._running = None
        running.process.kill()
        running.process.wait()


class _Running:
    """One run of it. The next job lies there when one is done: to be told of it only then would leave the program idle
    for as long as this process is busy with a page.
    """

    def __init__(self) -> None:
        self._asking, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._waiting: deque[Future[object]] = deque()
        self._turn, self._over = threading.Lock(), False
        with its:
            # Of the environment it gets nothing.
            self.process = subprocess.Popen(
                [sys.executable, "-I", hasher.__file__], stdin=its.fileno(), stdout=subprocess.DEVNULL, env={}
            )
        threading.Thread(target=self._read, name="passwords", daemon=True).start()

    def ask(self, job: tuple[str, ...]) -> Future[object]:
        """ConnectionError where it has ended; the answer may be that, too."""
        answer: Future[object] = Future()
        # Who gives up changes nothing: the answer comes all the same, before that of the next.
        answer.set_running_or_notify_cancel()
        with self._turn:
            if self._over:
                raise ConnectionResetError
            self._asking.send(json.dumps(job).encode(), socket.MSG_DONTWAIT)
            self._waiting.append(answer)
        return answer

    def _read(self) -> None:
        """Answers come in the order of the jobs."""
        while told := self._received():
            with self._turn:
                answer = self._waiting.popleft()
            answer.set_result(json.loads(told))
        with self._turn, self._asking:
            self._over = True
        for answer in self._waiting:
            answer.set_exception(ConnectionResetError())

    def _received(self) -> bytes:
        try:
            return self._asking.recv(hasher.LONGEST)
        except ConnectionError:
            return b""


program = Program()
atexit.register(program.close)


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return await asyncio.get_running_loop().run_in_executor(_thread, lambda: work(*args, **kwargs))


async def hashed(password: str) -> str:
    """Also what an unknown address costs, so that it takes as long as a known one."""
    return str(await program.done("hash", password))


async def verified(password: str, kept: str) -> tuple[bool, str | None] | None:
    """Whether it is this password's hash, and the one of today's cost that is to replace it; None for a hash of
    another kind."""
    told = await program.done("verify", password, kept)
    if not isinstance(told, list):
        return None
    right, better = told
    return right, better
