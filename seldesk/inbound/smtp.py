"""The door of mail: an SMTP receiver behind the operator's own mail server."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

import rpc
from seldesk.errors import TooManyMails
from seldesk.methods.desk import mails

log = structlog.get_logger()
MOST_RECIPIENTS = 50
# At once, each of which may hold a whole mail in memory; and seconds after which one has been here long enough.
MOST_VISITS, LONGEST_VISIT = 100, 900.0
LATER = "451 4.3.0 Try again later"
SLOWED = "450 4.7.1 Too many mails came from this sender within an hour, try again later"


class Receiver:
    """Answers 250 only once the mail is committed: what is not, the sender keeps and tries again."""

    def __init__(self, customer: Callable[[str], rpc.Call | None]) -> None:
        self.customer = customer

    async def handle_RCPT(
        self, server: "Door", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients in one mail"
        call = self._at_the_door_of(address, server.id)
        waiting = sum(_domain(one) == _domain(address) for one in envelope.rcpt_tos)
        try:
            if call is None or not await call(
                mails.accepts, recipient=address, sender=_sender(envelope), waiting=waiting
            ):
                return "550 5.1.1 There is no such mailbox"
        except rpc.Invalid:
            return "550 5.1.3 This address cannot be read"
        except TooManyMails:
            return _known_by(server.id, SLOWED)
        except rpc.Error as error:
            log.warning("smtp.put_off", code=error.code, request=server.id)
            return _known_by(server.id, LATER)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: "Door", session: Session, envelope: Envelope) -> str:
        raw = envelope.content
        if not isinstance(raw, bytes) or not raw.strip():
            return "554 5.6.0 There is nothing in this mail"
        for recipient in dict.fromkeys(envelope.rcpt_tos):
            call = self._at_the_door_of(recipient, server.id)
            refused = LATER if call is None else await self._take_in(call, recipient, _sender(envelope), raw)
            if refused:
                return _known_by(server.id, refused)
        return "250 2.0.0 Taken"

    def _at_the_door_of(self, recipient: str, visit: str) -> rpc.Call | None:
        call = self.customer(_domain(recipient))
        return call.relayed(call.credential.address, visit) if call else None

    async def _take_in(self, call: rpc.Call, recipient: str, sender: str, raw: bytes) -> str:
        """What is answered where it was not taken."""
        try:
            await call(mails.receive, recipient=recipient, sender=sender, raw=raw)
        except TooManyMails:
            return SLOWED
        except rpc.Unavailable:
            return LATER
        except rpc.Error as error:
            # Something in this mail breaks the intake. Keep it as it is, so that it blocks nothing.
            log.error("smtp.set_aside", code=error.code, request=call.credential.request_id)
            reason = f"It could not be taken in ({error.code})."
            try:
                await call(mails.set_aside, recipient=recipient, sender=sender, raw=raw, reason=reason)
            except rpc.Error:
                return LATER
        return ""


class Door(SMTP):
    """aiosmtpd is stricter with long lines, and keeps one that never ends, however long it grows."""

    line_length_limit = 100_000
    unended = 0  # bytes since the last end of a line
    _ending: asyncio.TimerHandle | None = None

    def __init__(self, receiver: Receiver, visits: "set[Door]", **options: Any) -> None:
        super().__init__(receiver, **options)
        self._visits = visits
        # Stands in the log beside each call, and in what is said of one that failed.
        self.id = secrets.token_hex(8)

    def connection_made(self, transport: Any) -> None:
        if len(self._visits) >= MOST_VISITS:
            log.warning("smtp.too_many_visits")
            transport.write(b"421 4.3.2 Too many are here, try again later\r\n")
            transport.close()
            return
        self._visits.add(self)
        self._ending = self.loop.call_later(LONGEST_VISIT, transport.close)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._visits.discard(self)
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self._ending is not None else None

    async def handle_exception(self, error: Exception) -> str:
        log.warning("smtp.unforeseen", error=type(error).__name__, request=self.id)
        return _known_by(self.id, LATER)

    def data_received(self, data: bytes) -> None:
        end = data.rfind(b"\r\n")
        self.unended = self.unended + len(data) if end < 0 else len(data) - end
        if self.transport is not None and self.data_size_limit and self.unended > self.data_size_limit:
            log.warning("smtp.line_without_end", bytes=self.unended)
            self.transport.close()
        else:
            super().data_received(data)


def _known_by(visit: str, said: str) -> str:
    """A sender's operator can say which one it was that was put off."""
    return f"{said} (request {visit})"


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _sender(envelope: Envelope) -> str:
    """The envelope's sender, empty for a bounce. What no address can hold must not keep a mail from being stored."""
    said = envelope.mail_from or ""
    return "" if said == "<>" else "".join(one if one.isprintable() else "?" for one in said)


async def serve(
    receiver: Receiver, host: str, port: int, name: str, *, largest: int, seconds: float = 60.0
) -> asyncio.Server:
    """Listen; the caller closes the server. A connection that is silent for so many seconds is closed.

    Raises OSError when the port is taken.
    """

    visits: set[Door] = set()

    def session() -> Door:
        return Door(
            receiver,
            visits,
            data_size_limit=largest,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname=name,
            ident="Seldesk",
            timeout=seconds,
            command_call_limit=200,
        )

    return await asyncio.get_running_loop().create_server(session, host, port)
