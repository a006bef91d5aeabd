"""The door of mail: an SMTP receiver behind the operator's own mail server."""

import asyncio
from collections.abc import Callable

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

import rpc
from seldesk.methods.desk import mails

log = structlog.get_logger()
LARGEST = 26_214_400
MOST_RECIPIENTS = 50


class Receiver:
    """Answers 250 only once the mail is committed: what is not, the sender keeps and tries again."""

    def __init__(self, customer: Callable[[str], rpc.Call | None]) -> None:
        self.customer = customer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients in one mail"
        call = self.customer(address.rpartition("@")[2].lower())
        try:
            if call is None or not await call(mails.accepts, recipient=address):
                return "550 5.1.1 There is no such mailbox"
        except rpc.Invalid:
            return "550 5.1.3 This address cannot be read"
        except rpc.Error as error:
            log.warning("smtp.put_off", code=error.code)
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content
        if not isinstance(raw, bytes):
            return "554 5.6.0 This server reads mails as bytes"
        for recipient in dict.fromkeys(envelope.rcpt_tos):
            call = self.customer(recipient.rpartition("@")[2].lower())
            if call is None or not await self._take_in(call, recipient, envelope.mail_from or "", raw):
                return "451 4.3.0 Try again later"
        return "250 2.0.0 Taken"

    async def _take_in(self, call: rpc.Call, recipient: str, sender: str, raw: bytes) -> bool:
        try:
            await call(mails.receive, recipient=recipient, sender=sender, raw=raw)
        except rpc.Unavailable:
            return False
        except rpc.Error as error:
            # Something in this mail breaks the intake. Keep it as it is, so that it blocks nothing.
            log.error("smtp.set_aside", code=error.code)
            reason = f"It could not be taken in ({error.code})."
            try:
                await call(mails.set_aside, recipient=recipient, sender=sender, raw=raw, reason=reason)
            except rpc.Error:
                return False
        return True


async def serve(receiver: Receiver, host: str, port: int, name: str) -> asyncio.Server:
    """Listen; the caller closes the server. Raises OSError when the port is taken."""

    def session() -> SMTP:
        return SMTP(
            receiver,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname=name,
            ident="Seldesk",
            timeout=60,
            command_call_limit=200,
        )

    return await asyncio.get_running_loop().create_server(session, host, port)
