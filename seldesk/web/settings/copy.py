"""A person's copy as one zip, written while it is sent: nothing of it lies anywhere on the way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

import rpc
from seldesk.errors import ProofNeeded
from seldesk.mail.names import safe_name
from seldesk.methods.desk import personal_data as methods
from seldesk.methods.desk.personal_data import Begun, Said
from seldesk.web.account.proving import first_prove
from seldesk.web.attachments import disposition
from seldesk.web.credential import call_of
from seldesk.web.routes import id_of
from seldesk.web.visit import visit_of

_jsonl = msgspec.json.Encoder()


async def copy(request: Request) -> Response:
    """The first part is read before anything is answered, so that a refusal is a page."""
    call, person = call_of(request), id_of(request)
    try:
        begun = await call(methods.begin, person)
    except ProofNeeded:
        return first_prove(f"/settings/people/{person}/data")
    headers = {"Content-Disposition": disposition(f"{begun.person.name}.zip")}
    return StreamingResponse(_zip(call, begun, visit_of(request).now), headers=headers, media_type="application/zip")


class _Written:
    """What a zip writes, to be taken from there in parts: it cannot be read again, nor changed."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


async def _zip(call: rpc.Call, begun: Begun, now: datetime) -> AsyncIterator[bytes]:
    out = _Written()
    with ZipFile(out, "w") as archive:
        async for name, content, packed in _parts(call, begun):
            info = ZipInfo(name, now.timetuple()[:6])
            await asyncio.to_thread(archive.writestr, info, content, ZIP_DEFLATED if packed else ZIP_STORED)
            yield out.take()
    yield out.take()


async def _parts(call: rpc.Call, begun: Begun) -> AsyncIterator[tuple[str, bytes, bool]]:
    """Name, content, and whether it is worth packing."""
    person, key = begun.person, begun.key
    yield "person.json", msgspec.json.format(msgspec.json.encode(person)), True
    number, at = 0, 0
    while asked := await call(methods.tickets, person.id, key, after=number):
        number, at = asked[-1].number, at + 1
        yield f"tickets-{at}.jsonl", _jsonl.encode_lines(asked), True
    last, at = None, 0
    while said := await call(methods.messages, person.id, key, behind=last):
        last, at = said[-1].id, at + 1
        yield f"messages-{at}.jsonl", _jsonl.encode_lines(said), True
        for message in said:
            async for name, content in _files(call, begun, message):
                yield name, content, False
    number, at = 0, 0
    while done := await call(methods.acts, person.id, key, after=number):
        number, at = done[-1].number, at + 1
        yield f"acts-{at}.jsonl", _jsonl.encode_lines(done), True


async def _files(call: rpc.Call, begun: Begun, message: Said) -> AsyncIterator[tuple[str, bytes]]:
    """One that is lost does not hold back the others."""
    person, key = begun.person.id, begun.key
    if message.mail is not None:
        name = f"mails/{message.ticket}/{message.mail}.eml"
        try:
            yield name, await call(methods.mail, person, message.mail, key)
        except rpc.NotFound:
            yield f"{name}.missing", b""
    for row in message.files:
        name = f"files/{message.ticket}/{row.id}-{safe_name(row.name)}"
        try:
            yield name, (await call(methods.attachment, person, row.id, key)).content
        except rpc.NotFound:
            yield f"{name}.missing", b""
