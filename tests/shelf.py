"""Copies in the catalogue and in both stores, written as the work of copying writes them, but of little content."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pyrage import encrypt, x25519

import orm
from seldesk.app.build import backup_identities
from seldesk.app.stores import archive
from seldesk.keyring import master_key
from seldesk.storage import Archive, Manifest, ManifestKey
from seldesk.storage.archive import path
from tests.faults import superuser
from tests.world import World

DAY = timedelta(days=1)
CONTROL = "seldesk_control"


@dataclass
class Shelves:
    """Of all customers of a world."""

    world: World

    @property
    def archive(self) -> Archive:
        return archive(self.world.app.settings)

    async def put(
        self, customer: UUID, taken_at: datetime, *, objects: Iterable[UUID] = (), kind: str = "scheduled",
        content: bytes = b"", size: int | None = None, sealed: bool = False,
    ) -> UUID:  # fmt: skip
        """A verified copy; sealed: to the customer's own recipient, else its content is no matter."""
        copy, settings = orm.uuid7(), self.world.app.settings
        content = content or copy.bytes
        if sealed:
            from_whom = await backup_identities(settings).identity(customer)
            content = _sealed(content, from_whom)
        digest = hashlib.sha256(content).digest()
        manifest = Manifest(
            copy=copy, customer=customer, kind="scheduled", slug="acme", plan="trial", region="", cluster="main",
            snapshot_at=taken_at, size=len(content), sha256=digest.hex(), archive_size=len(content), postgresql=18,
            revision="0001", tables={}, objects=list(objects),
        )  # fmt: skip
        page = ManifestKey(master_key(settings, "manifest")).sign(manifest)
        for place in self.archive.stores:
            await place.create(path(customer, copy), content)
            await place.create(path(customer, copy, ".manifest"), page)
        row = {
            "id": copy, "customer_id": customer, "kind": kind, "cluster": "main", "began_at": taken_at,
            "snapshot_at": taken_at, "size": len(content) if size is None else size, "sha256": digest,
            "revision": "0001", "postgresql": 18, "replicas": 2, "verified_at": taken_at, "error": "",
        }  # fmt: skip
        await self.insert(row)
        return copy

    async def insert(self, row: dict[str, Any]) -> None:
        places = ", ".join(f"${at}" for at in range(1, len(row) + 1))
        async with superuser(self.world.server, CONTROL) as connection:
            await connection.execute(
                f"INSERT INTO control.copies ({', '.join(row)}) VALUES ({places})",  # noqa: S608 - ours
                *row.values(),
            )

    async def rows(self, columns: str = "id") -> list[Any]:
        async with superuser(self.world.server, CONTROL) as connection:
            found = await connection.fetch(f"SELECT {columns} FROM control.copies ORDER BY snapshot_at")  # noqa: S608 - ours
            return [row[0] if len(row) == 1 else tuple(row) for row in found]

    def lying(self, customer: UUID, suffix: str = "*") -> list[set[str]]:
        """Names of what lies in each store among the copies of a customer."""
        folders = [Path(store) / "copies" / str(customer) for store in self.world.app.settings.stores]
        return [{file.name for file in folder.glob(suffix)} for folder in folders]


def _sealed(content: bytes, identity: x25519.Identity) -> bytes:
    sealed: bytes = encrypt(content, [identity.to_public()])
    return sealed
