"""The words of an export: what stands in manifest.json, and how its parts are called."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

FORMAT = 1
MANIFEST = "manifest.json"
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Line = Annotated[str, Meta(min_length=1, max_length=255)]


class Customer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose data it is. mail_domain is what the addresses of its mailboxes end in; logo one of the files."""

    id: UUID
    slug: Annotated[str, Meta(max_length=63)]
    name: Line
    plan: Literal["paid", "trial", "education", "free"]
    country: Annotated[str, Meta(max_length=2)]
    mail_domain: Line
    accent: Annotated[str, Meta(pattern=r"^(#[0-9a-f]{6})?$(?!\n)")] = ""
    logo: UUID | None = None
    logo_type: Literal["", "image/png", "image/jpeg", "image/webp"] = ""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of JSON Lines in the archive: a table, or an index of stored files. size in bytes, unpacked."""

    path: Annotated[str, Meta(max_length=200)]
    rows: Count
    size: Count
    sha256: Hash


class Stored(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of an index: an attachment or a mail as it came. missing: it was there no more when it was to be read."""

    id: UUID
    size: Count = 0
    sha256: Hash = "0" * 64
    missing: bool = False


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: int
    made_at: Annotated[datetime, Meta(tz=True)]
    customer: Customer
    tables: list[Part]
    indexes: list[Part]


def table_path(name: str) -> str:
    return f"tables/{name}.jsonl"


def index_path(number: int) -> str:
    return f"indexes/{number:06}.jsonl"


def file_path(file: UUID) -> str:
    return f"files/{file}"
