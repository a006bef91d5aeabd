"""A mail server that takes what is sent to it, or refuses it as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[SMTP], Awaitable[str]]


@dataclass
class Sink:
    """answers: what is said to a command other than that all is well, by name: MAIL, RCPT, DATA, QUIT."""

    answers: dict[str, str | Answer] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [str(message_from_bytes(raw)["Message-ID"]) for raw in self.taken]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._said("MAIL", server)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self._said("RCPT", server)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = await self._said("DATA", server)
        if said.startswith("250") and isinstance(envelope.content, bytes):
            self.taken.append(envelope.content)
            self.recipients += envelope.rcpt_tos
        return said

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return await self._said("QUIT", server)

    async def _said(self, command: str, server: SMTP) -> str:
        answer = self.answers.get(command, "250 OK")
        return answer if isinstance(answer, str) else await answer(server)


async def drops(server: SMTP) -> str:
    """The connection is gone before there is an answer."""
    if server.transport is not None:
        server.transport.close()
    return "421 gone"


async def stalls(server: SMTP) -> str:
    """No answer comes."""
    return str(await asyncio.Event().wait())


@asynccontextmanager
async def listening(sink: object, **options: Any) -> AsyncIterator[int]:
    """The port at which it listens."""
    visits: list[SMTP] = []

    def visit() -> SMTP:
        visits.append(SMTP(sink, hostname="sink.example", enable_SMTPUTF8=True, **options))
        return visits[-1]

    server = await asyncio.get_running_loop().create_server(visit, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for transport in (visit.transport for visit in visits):
            if isinstance(transport, asyncio.Transport):
                transport.abort()
        await asyncio.sleep(0)


@asynccontextmanager
async def speaking(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """The port of a server that says what no real one would; ends when its visitors have gone."""
    talks: list[asyncio.Task[None]] = []

    async def to_its_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.create_task(to_its_end(reader, writer)))

    server = await asyncio.start_server(visited, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.gather(*talks)


class Receiver:
    """Takes what is posted and answers as it is told."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.heard = answer, list[tuple[dict[str, str], bytes]]()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.strip().split("\r\n")[1:])
        self.heard.append((headers, await reader.readexactly(int(headers["Content-Length"]))))
        writer.write(self.answer)
        await writer.drain()
