from datetime import datetime, timedelta
from hashlib import sha256

import orm
import rpc
from seldesk.caller import Caller
from seldesk.storage import seal, unseal
from seldesk.surroundings import surroundings

KEPT = timedelta(days=1)
_PURPOSE = b"answer"


class Answered(orm.Model, table="answered", schema="secret"):
    """What a call that came with an idempotency key was answered: who sends it again is told the same.

    key and call are hashes. The answer may hold a secret, so it is sealed by the key as its caller knows it.
    """

    key: orm.Column[bytes] = orm.binary(primary=True)
    call: orm.Column[bytes] = orm.binary()
    answer: orm.Column[bytes] = orm.binary()
    answered_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def keep(cls, caller: Caller, once: rpc.Once, answer: bytes) -> bool:
        """False when there is one already; waits for one that is being written."""
        key = _hash(b"kept", caller, once)
        sealed = seal(_hash(b"sealed", caller, once), answer, _PURPOSE, key)
        return await _kept().send(key=key, call=once.call, answer=sealed, answered_at=surroundings().now)

    @classmethod
    async def find(cls, caller: Caller, once: rpc.Once) -> bytes | None:
        key = _hash(b"kept", caller, once)
        found = await cls.where(cls.key == key).first()
        if found is None:
            return None
        if found.call != once.call:
            raise rpc.KeyReused
        return unseal(_hash(b"sealed", caller, once), found.answer, _PURPOSE, key)

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.answered_at < surroundings().now - KEPT).delete()


@orm.kept
def _kept() -> orm.PreparedInsert:
    return orm.PreparedInsert(Answered, "key", "call", "answer", "answered_at")


def _hash(purpose: bytes, caller: Caller, once: rpc.Once) -> bytes:
    """One caller's key says nothing to another, nor to the same person with narrower rights."""
    who = f"{caller.kind}\0{caller.id}\0{caller.ticket}\0{once.key}"
    return sha256(purpose + b"\0" + who.encode()).digest()
