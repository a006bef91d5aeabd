"""What stands beside an entry of a chain as long as it may. Each kind of database has a table of its own for it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

import msgspec

import orm

Told = TypeVar("Told", bound=orm.chain.Link)


class Facts(orm.Model, abstract=True):
    """The names and addresses of an entry. Without the salt, which goes with them, nobody can guess what they were."""

    entry_id: orm.Column[UUID] = orm.identifier(primary=True)
    salt: orm.Column[bytes] = orm.binary()
    facts: orm.Column[dict[str, Any]] = orm.json()

    @classmethod
    def beside(cls, entry: UUID, facts: Mapping[str, Any], **columns: Any) -> bytes | None:
        """Writes them down; the commitment for the entry, None where there is nothing to tell."""
        if not facts:
            return None
        salt = secrets.token_bytes(32)
        cls.add(entry_id=entry, salt=salt, facts=dict(facts), **columns)
        return commitment(salt, facts)

    @classmethod
    async def check(cls, entries: type[Told], of: Any, committed: Any, after: int = 0) -> orm.chain.Checked:
        """The chain of these entries, and that each has beside it what it was written with, or nothing.

        of and committed are the entries' columns of their id and of their commitment.
        """
        found = await entries.check(after)
        if found.number is not None:
            return found
        beside = cls.query().join(entries, of == cls.entry_id)
        for number in range(after, after + found.count, orm.chain.AT_ONCE):
            until = min(number + orm.chain.AT_ONCE, after + found.count)
            these = beside.where(entries.number > number, entries.number <= until).limit(orm.chain.AT_ONCE)
            rows = await these.into(
                _Beside, number=entries.number, commitment=committed, salt=cls.salt, facts=cls.facts
            )
            wrong = [row.number for row in rows if commitment(row.salt, row.facts) != row.commitment]
            if wrong:
                return orm.chain.Checked(min(wrong) - 1 - after, number=min(wrong), wrong="names")
        return found


@dataclass(frozen=True, slots=True)
class _Beside:
    number: int
    commitment: bytes | None
    salt: bytes
    facts: dict[str, Any]


def commitment(salt: bytes, facts: Mapping[str, Any]) -> bytes:
    return sha256(salt + plain(facts)).digest()


def plain(value: Any) -> bytes:
    """One spelling for one value."""
    return msgspec.json.encode(value, order="sorted")
