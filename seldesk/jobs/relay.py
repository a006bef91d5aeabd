"""Where mail goes out: an SMTP relay, a folder to look into, or a list in memory."""

import asyncio
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import aiosmtplib

from seldesk.mail.encode import Unsendable
from seldesk.mail.signing import Dkim

_GOODBYE = 2.0  # seconds
_TO_A_MAIL = (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError)
_ABOUT_SIGNING_IN = (530, 534, 535, 538)


class Refused(Exception):
    """The relay did not take the mail."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent


@dataclass(frozen=True, slots=True)
class Refusal:
    """One recipient who was refused while others were not."""

    address: str
    reason: str
    permanent: bool


class Letter(Protocol):
    @property
    def sender(self) -> str: ...
    @property
    def recipients(self) -> list[str]: ...
    @property
    def message_id(self) -> str: ...
    @property
    def raw(self) -> bytes: ...


class Relay(Protocol):
    async def send(self, letter: Letter) -> Sequence[Refusal]:
        """Returns once the mail is taken for good, and who was left out; raises Refused when nobody has it."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Each mail on a connection of its own: a refused one spoils no other. seconds: the longest one may take."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    seconds: float = 60.0

    async def send(self, letter: Letter) -> Sequence[Refusal]:
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",
            timeout=self.seconds,
            username=self.user or None,
            password=self.password or None,
        )
        plain = "".join([letter.sender, *letter.recipients]).isascii()
        options = [] if plain else ["smtputf8"]
        try:
            async with asyncio.timeout(self.seconds):
                await client.connect()
                said, _ = await client.sendmail(letter.sender, letter.recipients, letter.raw, mail_options=options)
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            raise _refused(error) from None
        finally:
            await _leave(client)
        return [Refusal(address, _said(told.code, told.message), told.code >= 500) for address, told in said.items()]


def _refused(error: Exception) -> Refused:
    """Only what the relay says to this mail can be its last word; the rest is between it and us, and passes."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        # Good for none of them; one that may pass keeps the whole letter waiting.
        error = min(error.recipients, key=lambda one: one.code)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        to_this_mail = isinstance(error, _TO_A_MAIL) and error.code not in _ABOUT_SIGNING_IN
        return Refused(_said(error.code, error.message), permanent=to_this_mail and error.code >= 500)
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return Refused("The relay cannot send to an address that is not in ASCII.", permanent=True)
    # OSError first: a certificate that is not good is a ValueError too.
    if isinstance(error, aiosmtplib.SMTPException | OSError | TimeoutError):
        return Refused(f"The relay could not be reached ({type(error).__name__}).", permanent=False)
    return Refused("This address cannot be written to.", permanent=True)


async def _leave(client: aiosmtplib.SMTP) -> None:
    """What was taken stays taken, however the goodbye goes."""
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(_GOODBYE):
            await client.quit()
    client.close()


@dataclass(frozen=True, slots=True)
class Folder:
    """Mails as files, renamed into place whole: for the demo and for looking."""

    path: Path

    async def send(self, letter: Letter) -> Sequence[Refusal]:
        await asyncio.to_thread(self._write, letter)
        return ()

    def _write(self, letter: Letter) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = re.sub(r"[^A-Za-z0-9.-]", "_", letter.message_id.strip("<>"))[:120]
        unfinished = self.path / f".{name}.{os.getpid()}"
        unfinished.write_bytes(letter.raw)
        unfinished.rename(self.path / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class _Signed:
    sender: str
    recipients: list[str]
    message_id: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Signing:
    """What goes on to another relay bears a signature of ours."""

    relay: Relay
    key: Dkim

    async def send(self, letter: Letter) -> Sequence[Refusal]:
        try:
            signature = await asyncio.to_thread(self.key.signature, letter.raw)
        except Unsendable as error:
            raise Refused(str(error), permanent=False) from error
        signed = _Signed(letter.sender, letter.recipients, letter.message_id, signature + letter.raw)
        return await self.relay.send(signed)


@dataclass(slots=True)
class Memory:
    """Keeps what was sent; the next sends fail as told, or leave these recipients out."""

    sent: list[Letter] = field(default_factory=list)
    failures: list[Refused | Sequence[Refusal]] = field(default_factory=list)

    async def send(self, letter: Letter) -> Sequence[Refusal]:
        failure = self.failures.pop(0) if self.failures else ()
        if isinstance(failure, Refused):
            raise failure
        self.sent.append(letter)
        return failure


def _said(code: int, message: str) -> str:
    return f"The relay said {code} {' '.join(message.split())[:200]}"
