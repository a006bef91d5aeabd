"""Passwords, worked on one after the other in a program that this process starts: signing in cannot starve pages."""

import asyncio
import atexit
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Annotated, ParamSpec, TypeVar

from msgspec import Meta

from seldesk.models import hasher

P = ParamSpec("P")
R = TypeVar("R")
Password = Annotated[str, Meta(min_length=1, max_length=128)]
NewPassword = Annotated[str, Meta(min_length=8, max_length=128)]

_PATIENCE = 30.0  # seconds for one hash
# Waits for the program. One for each process: a second one takes a core from the pages, and a process has hardly more.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="password")


class Program:
    """Started by the first job, and again when somebody ended it; it ends with this process."""

    def __init__(self) -> None:
        self._asking: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def done(self, *job: str) -> object:
        """The answer to a job; see hasher. OSError when the program cannot be started, ends twice or takes too long."""
        with suppress(ConnectionError):
            return self._answer(job)
        return self._answer(job)

    def close(self) -> None:
        asking, process = self._asking, self.process
        self._asking = self.process = None
        if asking is not None and process is not None:
            asking.close()
            process.kill()
            process.wait()

    def _answer(self, job: tuple[str, ...]) -> object:
        try:
            asking = self._asking or self._started()
            asking.send(json.dumps(job).encode())
            if not (told := asking.recv(hasher.LONGEST)):
                raise ConnectionResetError
            return json.loads(told)
        except OSError:
            # The next job must not be given the answer to this one.
            self.close()
            raise

    def _started(self) -> socket.socket:
        """Of the environment it gets nothing."""
        self._asking, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking.settimeout(_PATIENCE)
        with its:
            self.process = subprocess.Popen(
                [sys.executable, "-I", hasher.__file__], stdin=its.fileno(), stdout=subprocess.DEVNULL, env={}
            )
        return self._asking


program = Program()
atexit.register(program.close)


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return await asyncio.get_running_loop().run_in_executor(_thread, lambda: work(*args, **kwargs))


async def hashed(password: str) -> str:
    """Also what an unknown address costs, so that it takes as long as a known one."""
    return str(await in_thread(program.done, "hash", password))


async def verified(password: str, kept: str) -> tuple[bool, str | None] | None:
    """Whether it is this password's hash, and the one of today's cost that is to replace it; None for a hash of
    another kind."""
    told = await in_thread(program.done, "verify", password, kept)
    if not isinstance(told, list):
        return None
    right, better = told
    return right, better
