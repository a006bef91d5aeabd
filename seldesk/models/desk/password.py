"""Passwords: kept as argon2id, checked one after the other in a thread, so that signing in cannot starve the pages."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

import orm
from seldesk.models.desk import legacy_hash

Password = Annotated[str, Meta(min_length=1, max_length=128)]
NewPassword = Annotated[str, Meta(min_length=8, max_length=128)]

# OWASP's minimum for argon2id. The library's own defaults take six times as long and four lanes.
_hashes = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
# One for each process: a second one takes a core from the pages, and a process has hardly more than one.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="password")


class Verifier(orm.Model, table="verifiers", schema="secret"):
    """What a password is checked against; the password itself is kept nowhere."""

    person_id: orm.Column[UUID] = orm.reference("app.people.id", primary=True)
    hash: orm.Column[str] = orm.text()

    @classmethod
    async def put(cls, person: UUID, password: str) -> None:
        hashed = await hashed_in_thread(password)
        await orm.upsert(cls, {"person_id": person, "hash": hashed}, on=("person_id",), set={"hash": hashed})

    @classmethod
    async def of(cls, person: UUID) -> Self | None:
        return await cls.where(cls.person_id == person).first()

    async def matches(self, password: str) -> bool:
        """Whether it is this one; a hash of an older cost, or from elsewhere, is replaced on the way."""
        right, better = await asyncio.get_running_loop().run_in_executor(_thread, _verified, password, self.hash)
        if better:
            self.hash = better
        return right


async def hashed_in_thread(password: str) -> str:
    """Also what an unknown address costs, so that it takes as long as a known one."""
    return await asyncio.get_running_loop().run_in_executor(_thread, _hashes.hash, password)


def _verified(password: str, kept: str) -> tuple[bool, str | None]:
    """Whether it is this password's hash, and what it is to be replaced by."""
    try:
        return _hashes.verify_and_update(password, kept)
    except UnknownHashError:
        right = legacy_hash.verifies(password, kept)
        return right, _hashes.hash(password) if right else None
