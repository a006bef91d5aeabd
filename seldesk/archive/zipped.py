"""A zip archive written in one go, with what is larger than 4 GB, and in little memory.

The standard library keeps some 700 bytes of each file until the end, this 36.
"""

import asyncio
import hashlib
import struct
import zlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seldesk.archive.manifest import Part, file_path

_LOCAL, _CENTRAL, _DESCRIPTOR = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4sLQQ")
_END64, _LOCATOR, _END = struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL"), struct.Struct("<4s4H2LH")
_FILE = struct.Struct("<16sLQQ")
_VERSION, _UNIX = 45, 3 << 8
_STREAMED, _UTF8 = 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_LARGE, _MANY = 0xFFFFFFFF, 0xFFFF
_OWN = 0o600 << 16
SMALL = 65_536  # bytes: a thread would cost more than it gives


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int


class Zipped:
    """Parts are packed while they are written; stored files, which seldom get smaller, stand as they are."""

    def __init__(self, write: Callable[[bytes], Awaitable[None]], when: datetime, *, at: int = 0) -> None:
        """at: how much stands before it in what is written to."""
        self._write, self._at = write, at
        self._time = when.hour << 11 | when.minute << 5 | when.second // 2
        self._date = (when.year - 1980) << 9 | when.month << 5 | when.day
        self._parts: list[_Entry] = []
        self._files = bytearray()

    async def part(self, path: str) -> "Writing":
        """Ended by its close(), before anything else is begun."""
        name, offset = path.encode(), self._at
        extra = struct.pack("<HHQQ", 1, 16, 0, 0)
        head = self._head(name, _STREAMED | _UTF8, _DEFLATED, 0, _LARGE, _LARGE, len(extra))
        await self._out(head + name + extra)
        return Writing(self, path, offset)

    async def file(self, file: UUID, content: bytes) -> str:
        """Answers its SHA-256."""
        small = len(content) < SMALL
        crc, digest = _sums(content) if small else await asyncio.to_thread(_sums, content)
        name, offset = file_path(file).encode(), self._at
        await self._out(self._head(name, _UTF8, _STORED, crc, len(content), len(content), 0) + name)
        await self._out(content)
        self._files += _FILE.pack(file.bytes, crc, len(content), offset)
        return digest

    async def end(self) -> None:
        """The table of contents, without which no program opens the archive."""
        begin, number = self._at, 0
        for entry in self._entries():
            await self._out(self._central(entry))
            number += 1
        size, end = self._at - begin, self._at
        if number >= _MANY or end >= _LARGE:
            totals = (number, number, size, begin)
            await self._out(_END64.pack(b"PK\x06\x06", _END64.size - 12, _VERSION, _VERSION, 0, 0, *totals))
            await self._out(_LOCATOR.pack(b"PK\x06\x07", 0, end, 1))
        shown = min(number, _MANY)
        await self._out(_END.pack(b"PK\x05\x06", 0, 0, shown, shown, min(size, _LARGE), min(begin, _LARGE), 0))

    async def ended(self, path: str, offset: int, crc: int, packed: int, size: int) -> None:
        await self._out(_DESCRIPTOR.pack(b"PK\x07\x08", crc, packed, size))
        self._parts.append(_Entry(path.encode(), _DEFLATED, _STREAMED | _UTF8, crc, packed, size, offset))

    async def put(self, content: bytes) -> None:
        await self._out(content)

    def _entries(self) -> Iterator[_Entry]:
        yield from self._parts
        for at in range(0, len(self._files), _FILE.size):
            file, crc, size, offset = _FILE.unpack_from(self._files, at)
            yield _Entry(file_path(UUID(bytes=file)).encode(), _STORED, _UTF8, crc, size, size, offset)

    def _head(self, name: bytes, flags: int, method: int, crc: int, packed: int, size: int, extra: int) -> bytes:
        said = (_VERSION, flags, method, self._time, self._date, crc, packed, size, len(name), extra)
        return _LOCAL.pack(b"PK\x03\x04", *said)

    def _central(self, entry: _Entry) -> bytes:
        large = [value for value in (entry.size, entry.packed, entry.offset) if value >= _LARGE]
        extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
        size, packed, offset = (min(value, _LARGE) for value in (entry.size, entry.packed, entry.offset))
        said = (_UNIX | _VERSION, _VERSION, entry.flags, entry.method, self._time, self._date, entry.crc, packed, size)
        rest = (len(entry.name), len(extra), 0, 0, 0, _OWN, offset)
        return _CENTRAL.pack(b"PK\x01\x02", *said, *rest) + entry.name + extra

    async def _out(self, content: bytes) -> None:
        await self._write(content)
        self._at += len(content)


def _sums(content: bytes) -> tuple[int, str]:
    return zlib.crc32(content), hashlib.sha256(content).hexdigest()


class Writing:
    """A part of an archive, while it is written."""

    def __init__(self, archive: Zipped, path: str, offset: int) -> None:
        self._archive, self._path, self._offset = archive, path, offset
        self._packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._crc = self._packed = self._size = self._rows = 0
        self._hash = hashlib.sha256()

    async def lines(self, lines: list[str]) -> None:
        await self._put(await asyncio.to_thread(self._pack, lines))
        self._rows += len(lines)

    async def close(self) -> Part:
        await self._put(self._packer.flush())
        await self._archive.ended(self._path, self._offset, self._crc, self._packed, self._size)
        return Part(path=self._path, rows=self._rows, size=self._size, sha256=self._hash.hexdigest())

    def _pack(self, lines: list[str]) -> bytes:
        content = "".join(f"{line}\n" for line in lines).encode()
        self._crc, self._size = zlib.crc32(content, self._crc), self._size + len(content)
        self._hash.update(content)
        return self._packer.compress(content)

    async def _put(self, packed: bytes) -> None:
        self._packed += len(packed)
        if packed:
            await self._archive.put(packed)
