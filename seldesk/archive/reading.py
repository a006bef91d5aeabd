"""An export that somebody brings: nothing in it is believed, and nothing of it is ever unpacked to a path."""

import hashlib
import inspect
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar
from uuid import UUID

import msgspec

from seldesk.archive.manifest import FORMAT, MANIFEST, Manifest, Part, Stored, file_path

S = TypeVar("S")
LARGEST_MANIFEST = 16 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
LARGEST_FILE = 64 * 1024 * 1024
# Tables get ten times smaller when they are packed. What promises more is made to fill a disk.
MOST_PACKED, SMALL = 200, 16 * 1024 * 1024
_NAME = re.compile(
    r"manifest\.json|tables/[a-z]+\.[a-z_]+\.jsonl|indexes/[0-9]{6}\.jsonl"
    r"|files/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_ENCRYPTED = 0x1


class BadArchive(Exception):
    """This is no export, or it is damaged."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or inspect.cleandoc(self.__doc__ or ""))


class _Format(msgspec.Struct):
    format: int


class Archive:
    """Its names and sizes have been looked through; what it says is checked while it is read."""

    def __init__(self, packed: zipfile.ZipFile, size: int) -> None:
        self._zip = packed
        self._entries = _entries(packed, size)
        self.manifest = self._manifest()
        self.tables = {part.path.removeprefix("tables/").removesuffix(".jsonl"): part for part in self.manifest.tables}
        parts = (*self.manifest.tables, *self.manifest.indexes)
        self._expect_all(parts)
        self._missing: set[UUID] = set()

    def names(self, file: UUID) -> bool:
        """Whether there is this file, or it is said to be missing: once files() was read."""
        return file_path(file) in self._entries or file in self._missing

    def lines(self, part: Part) -> Iterator[tuple[int, bytes]]:
        """Each line and its number. That they are all, and unchanged, is known at the end."""
        digest, size, number = hashlib.sha256(), 0, 0
        with _telling(part.path), self._zip.open(self._entries[part.path]) as stream:
            while line := _line(stream, part.path, number + 1):
                number, size = number + 1, size + len(line)
                digest.update(line)
                yield number, line[:-1]
        if (number, size, digest.hexdigest()) != (part.rows, part.size, part.sha256):
            raise BadArchive(f"{part.path} is damaged: it is not what the manifest says.")

    def files(self) -> Iterator[Stored]:
        """All that the indexes name, each once; those that are missing too."""
        seen = 0
        for part in self.manifest.indexes:
            for number, line in self.lines(part):
                stored = _read(line, Stored, f"{part.path}, line {number}")
                entry = self._entries.get(file_path(stored.id))
                if (entry is None) is not stored.missing:
                    raise BadArchive(f"{part.path}, line {number}: the file {stored.id} is not as it is said here.")
                if entry is not None and (entry.file_size != stored.size or stored.size > LARGEST_FILE):
                    raise BadArchive(f"{part.path}, line {number}: the file {stored.id} is not of this size.")
                seen += entry is not None
                if stored.missing:
                    self._missing.add(stored.id)
                yield stored
        if seen != sum(name.startswith("files/") for name in self._entries):
            raise BadArchive("There are files in the archive that no index names, or one is named twice.")

    def content(self, stored: Stored) -> bytes:
        path = file_path(stored.id)
        with _telling(path), self._zip.open(self._entries[path]) as stream:
            content = stream.read(LARGEST_FILE + 1)
        if (len(content), hashlib.sha256(content).hexdigest()) != (stored.size, stored.sha256):
            raise BadArchive(f"{path} is damaged: it is not what the index says.")
        return content

    def _manifest(self) -> Manifest:
        entry = self._entries.get(MANIFEST)
        if entry is None or entry.file_size > LARGEST_MANIFEST:
            raise BadArchive("There is no manifest.json in it: this is no export of a helpdesk.")
        with _telling(MANIFEST), self._zip.open(entry) as stream:
            content = stream.read(LARGEST_MANIFEST)
        # Of another format nothing else is known.
        if (found := _read(content, _Format, MANIFEST).format) != FORMAT:
            raise BadArchive(f"This export is of format {found}, and here only format {FORMAT} can be read.")
        return _read(content, Manifest, MANIFEST)

    def _expect_all(self, parts: tuple[Part, ...]) -> None:
        named = {part.path for part in parts}
        there = {name for name in self._entries if not name.startswith("files/") and name != MANIFEST}
        if len(named) != len(parts) or named != there:
            odd = sorted(named ^ there)[:1] or ["a part that is named twice"]
            raise BadArchive(f"The manifest and the archive do not name the same parts: {odd[0][:200]!r}.")
        for part in parts:
            if not part.path.startswith("tables/" if part in self.manifest.tables else "indexes/"):
                raise BadArchive(f"{part.path} stands in the wrong list of the manifest.")
            if self._entries[part.path].file_size != part.size:
                raise BadArchive(f"{part.path} is damaged: it is not of the size that the manifest says.")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """BadArchive for what is no export at all; OSError where there is no such file."""
    size = path.stat().st_size
    with _telling(path.name):
        packed = zipfile.ZipFile(path)
    with packed:
        yield Archive(packed, size)


def _entries(packed: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in packed.infolist():
        name = entry.filename
        if not _NAME.fullmatch(name):
            raise BadArchive(f"{name[:200]!r} is no name of a part of an export.")
        if name in found:
            raise BadArchive(f"{name} is in it twice.")
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadArchive(f"{name} is encrypted, or packed in a way that exports are not.")
        found[name] = entry
    if sum(entry.file_size for entry in found.values()) > SMALL + MOST_PACKED * size:
        raise BadArchive("Unpacked it would be more than 200 times as large as it is: it is made to do harm.")
    return found


def _line(stream: IO[bytes], path: str, number: int) -> bytes:
    line = stream.readline(LONGEST_LINE + 1)
    if line and not line.endswith(b"\n"):
        said = "it is too long" if len(line) > LONGEST_LINE else "it does not end"
        raise BadArchive(f"{path}, line {number}: {said}.")
    return line


def _read(content: bytes, shape: type[S], where: str) -> S:
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as error:
        raise BadArchive(f"{where}: {error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadArchive(f"{where}: it is no JSON.") from None


@contextmanager
def _telling(what: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadArchive(f"{what} is damaged, or no zip archive: {error}") from None
