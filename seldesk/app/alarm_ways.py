"""By which ways alarms leave: none of them needs a database."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orm
from seldesk.app.alarms import Told, Way
from seldesk.jobs.relay import Relay
from seldesk.mail.compose import Mailbox, Outgoing, compose
from seldesk.settings import Settings

PATIENCE = 10.0  # seconds


def ways(settings: Settings, relay: Relay) -> Iterator[Way]:
    """Those that the settings name."""
    chosen = settings.alerts
    if chosen.file:
        yield File(settings.home / chosen.file)
    if chosen.webhook:
        yield Webhook(chosen.webhook)
    if chosen.mail:
        yield Mail(relay, settings.base, chosen.mail)


@dataclass(frozen=True, slots=True)
class _Letter:
    sender: str
    recipients: list[str]
    message_id: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """Straight to the relay: the outbox stands in the database that may be what is away."""

    relay: Relay
    domain: str
    recipients: tuple[str, ...]

    async def send(self, told: Told) -> None:
        first = f"{told.alarms[0].check}: {told.alarms[0].subject}"
        outgoing = Outgoing(
            message_id=f"<alarm-{orm.uuid7()}@{self.domain}>",
            date=told.at,
            sender=Mailbox("Seldesk", f"no-reply@{self.domain}"),
            to=[Mailbox("", address) for address in self.recipients],
            subject=f"[Seldesk] {first}" if len(told.alarms) == 1 else f"[Seldesk] {len(told.alarms)} alerts",
            text=f"{told.text}\n\n{told.at:%Y-%m-%d %H:%M} UTC. `seldesk doctor` and the console tell more.\n",
            automatic=True,
            marker=None,
        )
        await self.relay.send(_Letter("", [*self.recipients], outgoing.message_id, compose(outgoing)))


@dataclass(frozen=True, slots=True)
class File:
    """A line of JSON for each."""

    path: Path

    async def send(self, told: Told) -> None:
        await asyncio.to_thread(self._write, told)

    def _write(self, told: Told) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            for alarm in told.alarms:
                said = {
                    "at": told.at.isoformat(),
                    "check": alarm.check,
                    "subject": alarm.subject,
                    "detail": alarm.detail,
                }
                file.write(json.dumps(said) + "\n")


@dataclass(frozen=True, slots=True)
class Webhook:
    """One post of JSON. `text` is what chats show."""

    address: str

    async def send(self, told: Told) -> None:
        said = [{"check": one.check, "subject": one.subject, "detail": one.detail} for one in told.alarms]
        body = json.dumps({"text": told.text, "at": told.at.isoformat(), "alerts": said, "more": told.more}).encode()
        async with asyncio.timeout(PATIENCE + 1):
            await asyncio.to_thread(self._post, body)

    def _post(self, body: bytes) -> None:
        asked = Request(self.address, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310 settings
        try:
            with build_opener(_Nowhere()).open(asked, timeout=PATIENCE) as answer:
                answer.read(1000)
        except URLError as error:
            raise OSError(str(error.reason)) from error


class _Nowhere(HTTPRedirectHandler):
    """What is told to one address is told to no other."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None
