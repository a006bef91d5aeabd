"""A store on bad days: passes on to a good S3 server, and answers as it likes when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

Mood = Literal["good", "500", "403", "empty", "slow", "silent"]
ANSWERS = {"500": b"HTTP/1.1 500 Internal Server Error", "403": b"HTTP/1.1 403 Forbidden", "empty": b"HTTP/1.1 200 OK"}


class Rude:
    """mood holds for what is written, read, or both, by verb: {"PUT", "GET"}."""

    def __init__(self, upstream: int) -> None:
        self.upstream, self.port = upstream, 0
        self.mood: Mood = "good"
        self.verbs = frozenset({b"PUT", b"POST", b"GET"})
        self.refused, self.over = asyncio.Event(), asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

    def be(self, mood: Mood, *verbs: str) -> None:
        self.mood, self.verbs = mood, frozenset(verb.encode() for verb in verbs)
        self.refused.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.current_task())  # type: ignore[arg-type]  # it is one
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request to a connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        verb = head.partition(b" ")[0]
        rude = self.mood != "good" and verb in self.verbs
        if rude and self.mood == "silent":
            self.refused.set()
            await self.over.wait()
            return
        body = await reader.readexactly(_length(head))
        if rude and self.mood in ANSWERS:
            writer.write(ANSWERS[self.mood] + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            self.refused.set()
            return
        answer = await self._passed_on(_closing(head) + body)
        if rude:  # slow
            self.refused.set()
            start = answer.index(b"\r\n\r\n") + 4
            writer.write(answer[:start])
            for byte in answer[start:]:
                writer.write(bytes([byte]))
                await writer.drain()
                with suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await self.over.wait()
                        return
        writer.write(answer)
        await writer.drain()

    async def _passed_on(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return _closing(answer)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _closing(message: bytes) -> bytes:
    """The same, said by one who closes the connection after it."""
    head, _, body = message.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"connection:", b"keep-alive:"))]
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body


@asynccontextmanager
async def rude(upstream: int) -> AsyncIterator[Rude]:
    """Before the S3 server that listens on this port."""
    one = Rude(upstream)
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        one.over.set()
        await asyncio.gather(*one.tasks)
