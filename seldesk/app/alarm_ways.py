"""By which ways alarms leave: none of them needs a database."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orm
from seldesk.app.alarms import Alarms, Told, Way
from seldesk.app.relays import relay
from seldesk.clock import Clock
from seldesk.jobs.relay import Relay
from seldesk.jobs.webhook import NotTold, Posting, Webhook
from seldesk.mail.compose import Mailbox, Outgoing, compose
from seldesk.settings import Settings

# The operator's own network is theirs to choose an address in.
POSTING = Posting("", private=True)


def alarms(settings: Settings, clock: Clock) -> Alarms:
    return Alarms([*ways(settings, relay(settings))], clock, settings.alerts.per_hour)


def ways(settings: Settings, relay: Relay) -> Iterator[Way]:
    """Those that the settings name."""
    chosen = settings.alerts
    if chosen.file:
        yield File(settings.home / chosen.file)
    if chosen.webhook:
        yield Hook(Webhook(chosen.webhook))
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
class Hook:
    """One post of JSON. `text` is what chats show."""

    webhook: Webhook

    async def send(self, told: Told) -> None:
        said = [{"check": one.check, "subject": one.subject, "detail": one.detail} for one in told.alarms]
        body = json.dumps({"text": told.text, "at": told.at.isoformat(), "alerts": said, "more": told.more}).encode()
        try:
            await POSTING.post(self.webhook, body, at=int(told.at.timestamp()))
        except NotTold as error:
            raise OSError(str(error)) from error
