"""Where a customer's sealed bytes lie, as models see it: files, small secrets, what is offered for a day."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Stored(Protocol):
    """What became of a file: its random id, and what its row keeps of it. size in bytes."""

    @property
    def object_id(self) -> UUID: ...
    @property
    def sha256(self) -> bytes: ...
    @property
    def size(self) -> int: ...


class Storage(Protocol):
    """Where files lie, sealed for their customer."""

    async def put(self, customer: UUID, content: bytes, /) -> Stored: ...
    async def get(self, customer: UUID, object_id: UUID) -> bytes: ...
    async def delete(self, customer: UUID, object_id: UUID) -> None: ...
    async def list(self, customer: UUID) -> dict[UUID, datetime]: ...


class Secrets(Protocol):
    """Small secrets that rows keep, sealed for their customer. The label says where one belongs."""

    async def seal(self, customer: UUID, label: str, secret: bytes) -> bytes: ...
    async def open(self, customer: UUID, label: str, sealed: bytes) -> bytes: ...
    async def version(self, customer: UUID) -> int: ...


class NoSecrets:
    """For programs that have no keys."""

    async def seal(self, customer: UUID, label: str, secret: bytes) -> bytes:
        raise RuntimeError("There are no keys here.")

    async def open(self, customer: UUID, label: str, sealed: bytes) -> bytes:
        raise RuntimeError("There are no keys here.")

    async def version(self, customer: UUID) -> int:
        raise RuntimeError("There are no keys here.")


class Downloads(Protocol):
    """Where large files lie that are offered for a day."""

    async def chunk(self, customer: UUID, file: UUID, at: int, *, last: bool) -> bytes: ...


class NoDownloads:
    """For programs that offer none."""

    async def chunk(self, customer: UUID, file: UUID, at: int, *, last: bool) -> bytes:
        raise RuntimeError("There are no downloads here.")
