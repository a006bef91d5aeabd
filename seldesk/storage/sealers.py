"""The program that seals: this process starts it when it is first needed, and keeps it."""

import asyncio
import atexit
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

_PROGRAM = str(Path(__file__).with_name("sealer.py"))
_PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Told:
    """Of a job that ended; fault is "" where it ended well. sha256 is in hex, and of the sealed side."""

    fault: str = ""
    said: str = ""
    came: int = 0
    went: int = 0
    sha256: str = ""


class Program:
    """It does jobs side by side, each in a process of its own, and ends with whoever started it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._asking: socket.socket | None = None

    def begin(self, job: str, reading: int, writing: int) -> socket.socket:
        """From which it is told how the job ended. It holds both files from now on, until it ends; whoever closes his
        own end of one of them ends it.
        """
        telling, its = socket.socketpair()
        try:
            with its:
                self._ask(job.encode(), (reading, writing, its.fileno()))
        except OSError:
            telling.close()
            raise
        telling.setblocking(False)
        return telling

    def close(self) -> None:
        """It ends when nobody can ask it any more; what it has begun ends by itself."""
        asking, process = self._asking, self.process
        self._asking = self.process = None
        if asking is not None:
            asking.close()
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            process.kill()
            process.wait()

    def _ask(self, job: bytes, files: Sequence[int]) -> None:
        try:
            socket.send_fds(self._asking or self._started(), [job], files)
        except ConnectionError:
            # It was killed since: nothing of it is needed for the next job.
            self.close()
            socket.send_fds(self._started(), [job], files)

    def _started(self) -> socket.socket:
        """Of the environment it gets nothing."""
        asking, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with its:
            self.process = subprocess.Popen(
                [sys.executable, "-I", _PROGRAM], stdin=its.fileno(), stdout=subprocess.DEVNULL, env={}
            )
        asking.settimeout(_PATIENCE)
        self._asking = asking
        atexit.register(self.close)
        return asking


async def told(telling: socket.socket) -> Told | None:
    """When the job has ended; None when it was ended before it could tell."""
    loop, said = asyncio.get_running_loop(), b""
    while part := await loop.sock_recv(telling, 4096):
        said += part
    return msgspec.json.decode(said, type=Told) if said else None
