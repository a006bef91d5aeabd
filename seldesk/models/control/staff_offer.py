import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self
from uuid import UUID

import orm
from seldesk.models import second_factor
from seldesk.storage.envelope import seal, unseal
from seldesk.surroundings import surroundings

GOOD_FOR = timedelta(minutes=15)
PURPOSE = b"authenticator"


class StaffOffer(orm.Model, table="staff_offers", schema="control"):
    """What one browser was shown to prove or enrol itself by: a challenge, good for one answer, and a secret that an
    authenticator program is to take in.
    """

    # Of the session or of the entry that it was shown to.
    id: orm.Column[UUID] = orm.identifier(primary=True)
    challenge: orm.Column[bytes | None] = orm.binary(optional=True)
    secret: orm.Column[bytes | None] = orm.binary(optional=True)
    made_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def challenge_for(cls, owner: UUID) -> bytes:
        """A new one; what was shown before is good for nothing any more."""
        challenge = second_factor.new_challenge()
        await cls._put(owner, challenge, None)
        return challenge

    @classmethod
    async def secret_for(cls, owner: UUID) -> tuple[bytes, str]:
        """A new challenge, and a new secret for an authenticator program."""
        challenge, secret = second_factor.new_challenge(), second_factor.new_secret()
        await cls._put(owner, challenge, sealed(owner, secret))
        return challenge, secret

    @classmethod
    async def of(cls, owner: UUID) -> Self | None:
        """Locked: of two answers at once one is looked at, and the other finds the challenge used."""
        return await cls.where(cls.id == owner, cls.made_at > surroundings().now - GOOD_FOR).lock().first()

    @classmethod
    async def forget(cls, owner: UUID) -> None:
        await cls.where(cls.id == owner).delete()

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.made_at < surroundings().now - GOOD_FOR).delete()

    @classmethod
    async def _put(cls, owner: UUID, challenge: bytes, secret: bytes | None) -> None:
        shown = {"challenge": challenge, "secret": secret, "made_at": surroundings().now}
        await orm.upsert(cls, {"id": owner, **shown}, on=("id",), set=shown)


def sealed(place: UUID, secret: str) -> bytes:
    """As it lies in the table: who reads the table alone makes no codes."""
    return seal(_key(), secret.encode(), PURPOSE, place.bytes)


def unsealed(place: UUID, content: bytes) -> str:
    return unseal(_key(), content, PURPOSE, place.bytes).decode()


def _key() -> bytes:
    return hmac.digest(surroundings().signing_key, b"staff authenticators", sha256)
