"""The signed page beside a copy: age does not say who wrote, and a copy must not pass for another's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from seldesk.storage.errors import StorageError

# Hundreds of thousands of attachments are named in it.
LARGEST = 64 * 1024 * 1024

CopyKind = Literal["scheduled", "asked", "safety"]


class Forged(StorageError):
    """A manifest or an entry of the ledger was not signed by this operator, or was changed since."""


class Table(msgspec.Struct, frozen=True):
    """What a table held at the moment of the snapshot, in whatever order."""

    rows: int
    hash: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """size and sha256 (hex) are of the sealed object, archive_size of the pg_dump archive in it.

    objects are the stored files that the database names, and must lie beside the copy.
    """

    version: Literal[1] = 1
    copy: UUID
    customer: UUID
    kind: CopyKind
    slug: str
    plan: str
    region: str
    cluster: str
    snapshot_at: datetime
    size: int
    sha256: str
    archive_size: int
    key_version: int = 1
    postgresql: int
    revision: str
    tables: Mapping[str, Table]
    objects: list[UUID]


class _Page(msgspec.Struct, frozen=True):
    manifest: msgspec.Raw
    signature: str


class ManifestKey:
    """Signs, in the provisioner's process alone. public is for all who check."""

    def __init__(self, key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(key)

    @property
    def public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, manifest: Manifest) -> bytes:
        """The page as it is stored."""
        told = msgspec.json.encode(manifest, order="sorted")
        return msgspec.json.encode(_Page(msgspec.Raw(told), self.signature(told)))

    def signature(self, told: bytes) -> str:
        return self._key.sign(told).hex()


def read(page: bytes, public: bytes, *, customer: UUID, copy: UUID) -> Manifest:
    """The manifest of exactly this copy; Forged."""
    manifest = signed(page, public)
    if (manifest.customer, manifest.copy) != (customer, copy):
        raise Forged("This manifest is another copy's.")
    return manifest


def signed(page: bytes, public: bytes) -> Manifest:
    """Some copy's manifest, signed by this operator; Forged."""
    try:
        found = msgspec.json.decode(page, type=_Page)
        check(bytes(found.manifest), found.signature, public)
        return msgspec.json.decode(found.manifest, type=Manifest)
    except ValueError as error:
        raise Forged from error


def check(told: bytes, signature: str, public: bytes) -> None:
    """That this operator has said it; Forged."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), told)
    except (InvalidSignature, ValueError) as error:
        raise Forged from error
