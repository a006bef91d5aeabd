"""Three customers at work: people at pages, programs at /rpc, mail."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiosmtplib
import httpx2

from tests.resilience.ledger import Failure, Ledger
from tests.world import address, mail

HIDDEN = re.compile(r'name="(form_token|once|seen)" value="([^"]*)"')
REQUEST = re.compile(r"\(request ([0-9a-f]+)\)")
PAUSE = 0.3  # seconds between the acts of one of six hands: about twenty requests a second with all of them
GIVEN_UP = 90.0  # seconds after which a call that is never done is no fault of the moment


class Refused(Exception):
    """It was not done, or nobody said that it was: to be sent again as it is."""


@dataclass
class Hands:
    """One customer's people and programs, who send again what they have no answer to, under the same key."""

    ledger: Ledger
    session: str
    ports: Sequence[int]
    smtp: int
    http: httpx2.AsyncClient
    tickets: list[int] = field(default_factory=list)
    turns: int = 0

    @property
    def host(self) -> str:
        return f"{self.ledger.desk.slug}.localhost"

    async def program(self, stop: asyncio.Event) -> None:
        """Opens tickets, writes notes and replies, and sends mails."""
        while not stop.is_set():
            await self._done(self._open)
            await asyncio.sleep(PAUSE)
            await self._done(self._reply)
            await asyncio.sleep(PAUSE)
            await self._done(self._mail)
            await asyncio.sleep(PAUSE)

    async def person(self, stop: asyncio.Event) -> None:
        """Looks at the queue and at tickets, and writes in them."""
        while not stop.is_set():
            await asyncio.sleep(PAUSE)
            if self.tickets:
                await self._done(self._note_by_form)

    async def _done(self, begin: Callable[[], Awaitable[Callable[[], Awaitable[None]]]]) -> None:
        """Begin something once, and send it until it is acknowledged."""
        send: Callable[[], Awaitable[None]] | None = None
        until = time.monotonic() + GIVEN_UP
        while True:
            try:
                send = send or await begin()
                await send()
            except Refused:
                assert time.monotonic() < until, "never done"
                await asyncio.sleep(0.2)
            else:
                self.ledger.answered += 1
                return

    async def _open(self) -> Callable[[], Awaitable[None]]:
        text, key = self.ledger.mark("opens"), str(uuid4())
        requester = address(f"cleo{uuid4().hex[:6]}", "requesters")

        async def send() -> None:
            params = {"subject": text, "body": text, "requester_email": requester}
            self.tickets.append((await self._rpc("tickets.open", key, **params))["number"])
            self.ledger.acknowledged.add(text)

        return send

    async def _reply(self) -> Callable[[], Awaitable[None]]:
        text, key, number = self.ledger.mark("replies"), str(uuid4()), self.tickets[-1]

        async def send() -> None:
            await self._rpc("tickets.reply", key, number=number, body=text)
            self.ledger.acknowledged.add(text)

        return send

    async def _note_by_form(self) -> Callable[[], Awaitable[None]]:
        """The page is read once: the form that is sent again is the same one."""
        page = f"/desk/tickets/{self.tickets[len(self.tickets) // 2]}"
        fields = dict(HIDDEN.findall((await self._ask("page", "GET", page)).text))
        text = self.ledger.mark("notes")

        async def send() -> None:
            headers = {"Sec-Fetch-Site": "same-origin"}
            await self._ask("form", "POST", f"{page}/notes", data={**fields, "body": text}, headers=headers)
            self.ledger.acknowledged.add(text)

        return send

    async def _mail(self) -> Callable[[], Awaitable[None]]:
        text, sender = self.ledger.mark("mails"), address(f"omar{uuid4().hex[:6]}", "requesters")
        to = self.ledger.desk.mailbox
        raw = mail(text, text, sender=sender, to=to, message_id=f"<{uuid4()}@requesters.example>")

        async def send() -> None:
            began = time.monotonic()
            try:
                async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self.smtp, start_tls=False, timeout=60) as client:
                    await client.sendmail(sender, [to], raw)
            except aiosmtplib.SMTPException as error:
                if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
                    error = error.recipients[0]
                status = getattr(error, "code", 0) if isinstance(error, aiosmtplib.SMTPResponseException) else 0
                known = REQUEST.search(str(error))
                told = known[1] if known else ""
                self._failed("mail", 0 if status in (-1, 421) else status, str(error), told, began)
                raise Refused from None
            self.ledger.acknowledged.add(text)

        return send

    async def _rpc(self, method: str, key: str, **params: object) -> Any:
        token = self.ledger.desk.tokens["ann"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return (await self._ask(method, "POST", "/rpc", json=body, headers=headers)).json()["result"]

    async def _ask(
        self, what: str, verb: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx2.Response:
        self.turns += 1
        port = self.ports[self.turns % len(self.ports)]
        own = {"Host": f"{self.host}:{port}"} | ({} if path == "/rpc" else {"Cookie": f"session={self.session}"})
        began = time.monotonic()
        try:
            answer = await self.http.request(
                verb, f"http://127.0.0.1:{port}{path}", headers=own | (headers or {}), **more
            )
        except httpx2.TransportError as error:
            self._failed(what, 0, type(error).__name__, "", began)
            raise Refused from None
        if answer.status_code >= 400:
            self._failed(what, answer.status_code, _code(answer), answer.headers.get("x-request-id", ""), began)
            raise Refused
        return answer

    def _failed(self, what: str, status: int, code: str, id: str, began: float) -> None:
        now = time.monotonic()
        self.ledger.failures.append(Failure(what, status, code, id, now - began, now))


def _code(answer: httpx2.Response) -> str:
    """What a program reads, or the heading that a person does."""
    if answer.headers.get("content-type", "").startswith("application/json"):
        return str(answer.json()["error"]["data"]["code"])
    found = re.search(r"<h1[^>]*>([^<]+)</h1>", answer.text)
    return found[1] if found else ""


@asynccontextmanager
async def at_work(ledgers: Sequence[Ledger], ports: Sequence[int], smtp: int) -> AsyncIterator[Sequence[Hands]]:
    """All customers at work until the end of the block, when they have been told how all they began has ended."""
    stop = asyncio.Event()
    async with httpx2.AsyncClient(timeout=60, limits=httpx2.Limits(max_keepalive_connections=0)) as http:
        hands = []
        for ledger in ledgers:
            call = await ledger.desk.signed_in("ann")
            hands.append(Hands(ledger, call.credential.secret, ports, smtp, http))
        async with asyncio.TaskGroup() as group:
            for one in hands:
                group.create_task(one.program(stop))
                group.create_task(one.person(stop))
            yield hands
            stop.set()
