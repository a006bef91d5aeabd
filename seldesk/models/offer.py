"""What a browser was shown to prove or enrol somebody by. Each kind of database has a table of its own for it."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import orm
from seldesk.models import second_factor
from seldesk.surroundings import surroundings

GOOD_FOR = timedelta(minutes=15)


class Offer(orm.Model, abstract=True):
    """A challenge, good for one answer, and a secret that an authenticator program is to take in."""

    # Of the session or of the entry that it was shown to.
    id: orm.Column[UUID] = orm.identifier(primary=True)
    challenge: orm.Column[bytes | None] = orm.binary(optional=True)
    secret: orm.Column[bytes | None] = orm.binary(optional=True)
    made_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def sealed(cls, place: UUID, secret: str) -> bytes:
        """As it lies in a table: who reads the table alone makes no codes. It opens in this row only."""
        raise NotImplementedError

    @classmethod
    async def unsealed(cls, place: UUID, content: bytes) -> str | None:
        """None for one that nothing opens any more."""
        raise NotImplementedError

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
        await cls._put(owner, challenge, await cls.sealed(owner, secret))
        return challenge, secret

    @classmethod
    async def of(cls, owner: UUID) -> Self | None:
        """Locked: of two answers at once one is looked at, and the other finds the challenge used."""
        return await cls.where(cls.id == owner, cls.made_at > surroundings().now - GOOD_FOR).lock().first()

    @classmethod
    async def taken(cls, owner: UUID) -> bytes:
        """The challenge that was shown, which is used up by being asked for. Without one a new one, which nothing
        answers.
        """
        offer = await cls.of(owner)
        if offer is None or offer.challenge is None:
            return second_factor.new_challenge()
        challenge, offer.challenge = offer.challenge, None
        return challenge

    @classmethod
    async def secret_of(cls, owner: UUID) -> str | None:
        """The secret that was shown."""
        offer = await cls.of(owner)
        return await cls.unsealed(owner, offer.secret) if offer is not None and offer.secret is not None else None

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
