"""The page of the demo on which the mail that went out can be read."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import rpc
from seldesk.web.render import page

MOST = 200
NAME = re.compile(r"[A-Za-z0-9_.-]{1,130}\.eml")


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail as the page shows it."""

    name: str
    sender: str
    recipient: str
    subject: str
    date: datetime | None
    text: str = ""
    source: str = ""


def mail_routes(folder: Path) -> Sequence[Route]:
    async def listing(request: Request) -> Response:
        letters = await asyncio.to_thread(_newest, folder)
        return page(request, "demo/letters.html", letters=letters)

    async def letter(request: Request) -> Response:
        name = request.path_params["name"]
        if not NAME.fullmatch(name):
            raise rpc.NotFound
        try:
            raw = await asyncio.to_thread((folder / name).read_bytes)
        except FileNotFoundError:
            raise rpc.NotFound from None
        return page(request, "demo/letter.html", letter=_read(name, raw, whole=True))

    return [Route("/demo/mail", listing), Route("/demo/mail/{name}", letter)]


def _newest(folder: Path) -> list[Sent]:
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True) if folder.exists() else []
    return [_read(file.name, file.read_bytes()) for file in files[:MOST]]


def _read(name: str, raw: bytes, *, whole: bool = False) -> Sent:
    message = message_from_bytes(raw, EmailMessage, policy=policy.default)
    body = message.get_body(("plain",)) if whole else None
    return Sent(
        name=name,
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=message["Date"].datetime if message["Date"] else None,
        text=body.get_content() if body else "",
        source=raw[:20_000].decode("utf-8", "replace") if whole else "",
    )
