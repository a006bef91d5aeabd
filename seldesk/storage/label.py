"""What stands before a stored file in the clear: whose it is, which, how long, and a sum over all of it.

So a file can be held against itself where there is no key, by the nightly check. It is no proof of who wrote: that is
the seal's, which is looked at whenever a file is read.
"""

import hashlib
import struct
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

_FIELDS = struct.Struct(">16s16sQ")  # customer, object, size of what is sealed
SIZE = _FIELDS.size + hashlib.sha256().digest_size

Kind = Literal["changed", "cut", "swapped"]


@dataclass(frozen=True, slots=True)
class Judged:
    """kind is what is wrong, None for what is as it was stored; sha256 that of all that was read."""

    kind: Kind | None
    sha256: bytes


def labelled(customer: UUID, object_id: UUID, sealed: bytes) -> bytes:
    fields = _FIELDS.pack(customer.bytes, object_id.bytes, len(sealed))
    return fields + hashlib.sha256(fields + sealed).digest() + sealed


async def judged(customer: UUID, object_id: UUID, parts: AsyncIterable[bytes]) -> Judged:
    """Whether this is that file, whole and unchanged."""
    label, size, whole = b"", 0, hashlib.sha256()
    told = hashlib.sha256()
    async for part in parts:
        whole.update(part)
        before, label = len(label), label + part[: SIZE - len(label)]
        if before < SIZE <= len(label):
            told.update(label[: _FIELDS.size])
        sealed = part[len(label) - before :]
        told.update(sealed)
        size += len(sealed)
    return Judged(_kind(customer, object_id, label, size, told.digest()), whole.digest())


def _kind(customer: UUID, object_id: UUID, label: bytes, size: int, told: bytes) -> Kind | None:
    if len(label) < SIZE:
        return "cut"
    whose, which, length = _FIELDS.unpack_from(label)
    if told != label[_FIELDS.size :]:
        return "cut" if size < length else "changed"
    return None if (whose, which) == (customer.bytes, object_id.bytes) else "swapped"
