"""Forms, read within bounds that are checked before anything is buffered."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

import rpc
from seldesk.web.visit import visit_of

PAGE = 256 * 1024
PAGE_WITH_FILES = 26 * 1024 * 1024
TEXT = 200 * 1024
FILES = 20
FIELDS = 100
# Of all the large forms that a process is reading: who sends them is known only when they are there.
READING = 256 * 1024 * 1024
# Of those from one address, or one home's network: whoever sends slowly from there keeps nobody else waiting.
FROM_ONE = READING // 4


class FormTooLarge(rpc.TooLarge):
    """This is more than a page takes: 20 files with 26 MB in all, 200 kB in a field. Nothing was changed."""

    code = "form_too_large"


class TooManyForms(rpc.Unavailable):
    """So many large forms arrive just now that this one was not read, and nothing was changed. Send it again soon."""

    code = "too_many_forms"


class FormTooSlow(rpc.InvalidRequest):
    """The form did not arrive in time, and nothing was changed. Send it again, with fewer or smaller files."""

    code = "form_too_slow"
    status = 408


@dataclass(frozen=True, slots=True)
class Form:
    fields: Mapping[str, list[str | rpc.Upload]]

    def text(self, name: str) -> str:
        """The first text of this name, "" when there is none."""
        return next((value for value in self.fields.get(name, []) if isinstance(value, str)), "")

    def only(self, *names: str) -> Mapping[str, list[str | rpc.Upload]]:
        return {name: self.fields[name] for name in names if name in self.fields}

    @property
    def files(self) -> list[rpc.Upload]:
        return [value for values in self.fields.values() for value in values if isinstance(value, rpc.Upload)]


async def read_form(request: Request, *, files: bool) -> Form:
    try:
        async with asyncio.timeout(180 if files else 20), aclosing(_bounded(request, files)) as body:
            return Form(await _fields(request, body))
    except TimeoutError:
        raise FormTooSlow from None
    except MultiPartException as error:
        if "maximum" in error.message.lower():
            raise FormTooLarge from None
        raise rpc.InvalidRequest("This form cannot be read.") from None


class _InMemory(MultiPartParser):
    # What is attached is sealed before it touches a disk: nothing spills into a temporary file on the way.
    spool_max_size = PAGE_WITH_FILES + 1


class _Reading:
    """The bytes of large forms that are on their way into memory."""

    def __init__(self) -> None:
        self.bytes = 0
        self._from = Counter[str]()

    def take(self, size: int, network: str) -> None:
        if self.bytes + size > READING or self._from[network] + size > FROM_ONE:
            raise TooManyForms(retry_after=5)
        self.bytes += size
        self._from[network] += size

    def give(self, size: int, network: str) -> None:
        self.bytes -= size
        self._from[network] -= size
        if not self._from[network]:
            del self._from[network]


reading = _Reading()


async def _bounded(request: Request, files: bool) -> AsyncGenerator[bytes, None]:
    limit = PAGE_WITH_FILES if files else PAGE
    length = request.headers.get("content-length", "0")
    if not re.fullmatch(r"[0-9]{1,15}", length) or int(length) > limit:
        raise FormTooLarge
    size = held = 0
    network = _network(visit_of(request).address)
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise FormTooLarge
            if size > PAGE:
                reading.take(size - held, network)
                held = size
            yield chunk
    finally:
        reading.give(held, network)


def _network(address: str) -> str:
    try:
        found = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return address if found.ipv4_mapped else str(IPv6Network((int(found), 64), strict=False))


async def _fields(request: Request, body: AsyncGenerator[bytes, None]) -> dict[str, list[str | rpc.Upload]]:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "multipart/form-data":
        _check_charset(request)
        parsed = await _InMemory(request.headers, body, max_files=FILES, max_fields=FIELDS, max_part_size=TEXT).parse()
    elif media == "application/x-www-form-urlencoded":
        parsed = await FormParser(request.headers, body, max_fields=FIELDS, max_part_size=TEXT).parse()
    else:
        raise rpc.InvalidRequest("A page takes forms only.")
    fields: dict[str, list[str | rpc.Upload]] = {}
    try:
        for name, value in parsed.multi_items():
            if isinstance(value, str):
                fields.setdefault(name, []).append(_lines(value))
            elif value.filename or value.size:
                fields.setdefault(name, []).append(await _upload(value))
    finally:
        await parsed.close()
    return fields


def _check_charset(request: Request) -> None:
    """What names one has Python decode each field by it, and among its codecs are some that take a minute, and some
    that run escapes. Browsers name none.
    """
    charset = parse_options_header(request.headers["content-type"])[1].get(b"charset", b"utf-8")
    if charset.lower() != b"utf-8":
        raise rpc.InvalidRequest("A form is sent in UTF-8.")


async def _upload(file: UploadFile) -> rpc.Upload:
    return rpc.Upload(file.filename or "", file.content_type or "", await file.read())


def _lines(text: str) -> str:
    """Browsers send the line breaks of a text field as CRLF; a line is ended by LF everywhere else here."""
    return text.replace("\r\n", "\n")
