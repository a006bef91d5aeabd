"""Forms, read within bounds that are checked before anything is buffered."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

import rpc

PAGE = 256 * 1024
PAGE_WITH_FILES = 26 * 1024 * 1024
TEXT = 200 * 1024
FILES = 20
FIELDS = 100


class FormTooLarge(rpc.TooLarge):
    """This is more than a page takes: 20 files with 26 MB in all, 200 kB in a field. Nothing was changed."""

    code = "form_too_large"


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


async def _bounded(request: Request, files: bool) -> AsyncGenerator[bytes, None]:
    limit = PAGE_WITH_FILES if files else PAGE
    length = request.headers.get("content-length", "0")
    if not re.fullmatch(r"[0-9]{1,15}", length) or int(length) > limit:
        raise FormTooLarge
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise FormTooLarge
        yield chunk


async def _fields(request: Request, body: AsyncGenerator[bytes, None]) -> dict[str, list[str | rpc.Upload]]:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == "multipart/form-data":
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


async def _upload(file: UploadFile) -> rpc.Upload:
    return rpc.Upload(file.filename or "", file.content_type or "", await file.read())


def _lines(text: str) -> str:
    """Browsers send the line breaks of a text field as CRLF; a line is ended by LF everywhere else here."""
    return text.replace("\r\n", "\n")
