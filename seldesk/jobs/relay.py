"""Where mail goes out: an SMTP relay, a folder to look into, or a list in memory."""

import asyncio
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import aiosmtplib


class Refused(Exception):
    """The relay did not take the mail."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent


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
    async def send(self, letter: Letter) -> None:
        """Returns once the mail is taken for good; raises Refused otherwise."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Each mail on a connection of its own: a refused one spoils no other."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    seconds: float = 30.0

    async def send(self, letter: Letter) -> None:
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",
            timeout=self.seconds,
            username=self.user or None,
            password=self.password or None,
        )
        try:
            async with asyncio.timeout(self.seconds * 2), client:
                await client.sendmail(letter.sender, letter.recipients, letter.raw)
        except aiosmtplib.SMTPRecipientsRefused as error:
            first = error.recipients[0]
            raise Refused(_said(first.code, first.message), permanent=first.code >= 500) from None
        except aiosmtplib.SMTPResponseException as error:
            raise Refused(_said(error.code, error.message), permanent=error.code >= 500) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Refused(f"The relay could not be reached ({type(error).__name__}).", permanent=False) from None


@dataclass(frozen=True, slots=True)
class Folder:
    """Mails as files, renamed into place whole: for the demo and for looking."""

    path: Path

    async def send(self, letter: Letter) -> None:
        await asyncio.to_thread(self._write, letter)

    def _write(self, letter: Letter) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9.-]", "_", letter.message_id.strip("<>"))[:120]
        unfinished = self.path / f".{name}.{os.getpid()}"
        unfinished.write_bytes(letter.raw)
        unfinished.rename(self.path / f"{name}.eml")


@dataclass(slots=True)
class Memory:
    """Keeps what was sent; the next sends fail as told."""

    sent: list[Letter] = field(default_factory=list)
    failures: list[Refused] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(letter)


def _said(code: int, message: str) -> str:
    return f"The relay said {code} {' '.join(message.split())[:200]}"
