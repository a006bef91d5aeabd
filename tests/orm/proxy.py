"""A network that can be made to fail, between the tests and a PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import orm


class Proxy:
    """Passes connections on to a server; while `silent` it swallows what it hears; cut() resets them all. While
    `flowing` is not set, what it hears waits.

    Once a client has sent the words of `untold`, and after them COMMIT, it is silent: that is done, and nobody learns.
    """

    def __init__(self, target: orm.Address) -> None:
        self._target = target
        self.silent = False
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.untold = b""
        self.connections = 0  # all there ever were
        self._writers: list[asyncio.StreamWriter] = []
        self._heard: list[bytearray] = []
        self._serving: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        self._heard.append(heard := bytearray())
        far_reader, far_writer = await asyncio.open_connection(self._target.host, self._target.port)
        await asyncio.gather(self._pass(reader, far_writer, heard), self._pass(far_reader, writer, bytearray()))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: bytearray) -> None:
        try:
            while content := await reader.read(65536):
                heard += content
                await self.flowing.wait()
                if not self.silent:
                    writer.write(content)
                if self.untold and b"COMMIT" in heard.partition(self.untold)[2]:
                    self.silent = True
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()

    @property
    def open(self) -> list[asyncio.StreamWriter]:
        return [writer for writer in self._writers if not writer.is_closing()]

    def cut(self) -> None:
        for writer in self.open:
            writer.transport.abort()

    def queries(self) -> list[str]:
        """The statements that were sent, at once (Query) or to be prepared (Parse)."""
        found: list[str] = []
        for heard in self._heard:
            at = int.from_bytes(heard[:4])  # the start-up message
            while at < len(heard):
                kind, size = chr(heard[at]), int.from_bytes(heard[at + 1 : at + 5])
                words = heard[at + 5 : at + 1 + size].split(b"\0")
                if kind in "QP":
                    found.append(words[kind == "P"].decode())
                at += 1 + size
        return found

    async def close(self) -> None:
        self.cut()
        await asyncio.gather(*self._serving)


@asynccontextmanager
async def between(target: orm.Address) -> AsyncIterator[tuple[Proxy, orm.Address]]:
    """A proxy and the address by which the target is reached through it."""
    proxy = Proxy(target)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        yield proxy, replace(target, host=host, port=port)
    finally:
        server.close()
        await proxy.close()
