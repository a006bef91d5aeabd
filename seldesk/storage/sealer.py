"""A program of its own, so that what seals copies holds little, and knows to whom it seals and nothing else.

Its stdin is a socket. A message there is a job and brings three open files: what to read, what to write, where to tell.

seal RECIPIENT        what it reads is sealed
open                  the first line that it reads is the identity, and the rest is opened

It stays, because a night has hundreds of small copies. A child does each job and ends with it, so that nothing of one
is in the next. At its end it tells in JSON what failed, how many bytes came in and went out, and the sha256 of the
sealed side.
"""

import hashlib
import json
import os
import resource
import signal
import socket
from typing import BinaryIO

from pyrage import DecryptError, EncryptError, decrypt_io, encrypt_io, x25519

LONGEST, FILES = 1000, 3
# What a job may hold, in bytes: the system itself refuses more, whatever the size of a copy.
MEMORY = 80 << 20
FAILED, DAMAGED, LOCKED = "failed", "damaged", "locked"


class Side:
    """What age reads from or writes to, counted and, on the sealed side, hashed."""

    def __init__(self, file: BinaryIO, *, hashed: bool) -> None:
        self.file, self.hashed = file, hashed
        self.size, self.sha256 = 0, hashlib.sha256()
        # What age tells of an error of the file is only its words.
        self.failed: OSError | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._seen(self.file.read(size))
        except OSError as error:
            self.failed = error
            raise

    def write(self, content: bytes) -> int:
        try:
            self.file.write(self._seen(content))
        except OSError as error:
            self.failed = error
            raise
        return len(content)

    def flush(self) -> None:
        self.file.flush()

    def _seen(self, content: bytes) -> bytes:
        self.size += len(content)
        if self.hashed:
            self.sha256.update(content)
        return content


def done(what: str, recipient: str, reading: BinaryIO, writing: BinaryIO) -> dict[str, object]:
    """What is told of it."""
    sealing = what == "seal"
    identity = "" if sealing else reading.readline().decode().strip()
    source, target = Side(reading, hashed=not sealing), Side(writing, hashed=sealing)
    try:
        if sealing:
            encrypt_io(source, target, [x25519.Recipient.from_str(recipient)])
        else:
            decrypt_io(source, target, [x25519.Identity.from_str(identity)])
        target.flush()
    except (DecryptError, EncryptError, OSError) as error:
        failed = source.failed or target.failed
        fault = FAILED if failed or sealing else LOCKED if "No matching keys" in str(error) else DAMAGED
        return {"fault": fault, "said": str(failed or error)}
    sha256 = (target if sealing else source).sha256.hexdigest()
    return {"came": source.size, "went": target.size, "sha256": sha256}


def work(job: str, files: list[int]) -> None:
    what, _, recipient = job.partition(" ")
    reading, writing, telling = os.fdopen(files[0], "rb"), os.fdopen(files[1], "wb"), os.fdopen(files[2], "wb")
    try:
        told = done(what, recipient, reading, writing)
    except Exception as error:
        told = {"fault": FAILED, "said": f"{type(error).__name__}: {error}"}
    with telling:
        telling.write(json.dumps(told).encode())


def serve(asked: socket.socket) -> None:
    """Until nobody can ask any more."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    # Whoever interrupts the program that asks wants it to end what it has begun; children are not waited for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        job, files, _, _ = socket.recv_fds(asked, LONGEST, FILES)
        if not job:
            return
        if not os.fork():
            asked.close()
            try:
                work(job.decode(), files)
            finally:
                os._exit(0)
        for file in files:
            os.close(file)


if __name__ == "__main__":
    with socket.socket(fileno=0) as socket_:
        serve(socket_)
