"""Second factors and recovery codes as rows. Each kind of database has tables of its own for them."""

from datetime import datetime
from typing import ClassVar, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models import second_factor
from seldesk.models.offer import Offer
from seldesk.models.second_factor import NotProved, Party, Passkey, recovery_fingerprint
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
MOST = 20


class LastFactor(rpc.Conflict):
    """This is the only second factor, and without one nobody signs in. Add another first."""

    code = "last_factor"


class Factor(orm.Model, abstract=True):
    """A second factor of a person: an authenticator program, or a passkey."""

    offers: ClassVar[type[Offer]]

    id: orm.Column[UUID] = orm.key()
    person_id: orm.Column[UUID]
    kind: orm.Column[str] = orm.choice("authenticator", "passkey")
    name: orm.Column[str] = orm.text()
    secret: orm.Column[bytes | None] = orm.binary(optional=True)
    credential: orm.Column[bytes | None] = orm.binary(optional=True, unique=True)
    public_key: orm.Column[bytes | None] = orm.binary(optional=True)
    # The step of the last code, or how often the passkey was used: only what comes after is right.
    counter: orm.Column[int] = orm.big(default=0)
    created_at: orm.Column[datetime] = orm.time()
    used_at: orm.Column[datetime | None] = orm.time(optional=True)

    @classmethod
    def party(cls) -> Party:
        """Passkeys are of one host and open nothing anywhere else."""
        raise NotImplementedError

    @classmethod
    def held_by(cls, person: UUID) -> "orm.Query[Self]":
        return cls.where(cls.person_id == person).order_by(cls.id).limit(MOST)

    @classmethod
    async def of(cls, person: UUID) -> list[Self]:
        return await cls.held_by(person).all()

    @classmethod
    def columns(cls) -> dict[str, orm.Expression]:
        """What a list of them shows."""
        shown = {"id": cls.id, "kind": cls.kind, "name": cls.name, "created_at": cls.created_at}
        return {**shown, "used_at": cls.used_at}

    @classmethod
    async def listed(cls, person: UUID, shape: type[Shape]) -> list[Shape]:
        return await cls.held_by(person).into(shape, **cls.columns())

    @classmethod
    async def enrol_authenticator(cls, person: UUID, place: UUID, code: str, name: str) -> bool:
        """Whether this is a code of the secret that was shown at this place; then it stands, and the code is used
        up.
        """
        secret = await cls.offers.secret_of(place)
        step = second_factor.step_of(secret, code, surroundings().now, 0) if secret is not None else None
        if secret is None or step is None:
            return False
        made = await cls._new(person, "authenticator", name)
        made.secret, made.counter = await cls.offers.sealed(made.id, secret), step
        await cls.offers.forget(place)
        return True

    @classmethod
    async def enrol_passkey(cls, person: UUID, place: UUID, answer: str, name: str) -> bool:
        """Whether this answers the challenge that was shown at this place; it is used up in any case."""
        challenge = await cls.offers.taken(place)
        try:
            passkey = second_factor.registered(cls.party(), challenge, answer)
        except NotProved:
            return False
        if await cls.where(cls.credential == passkey.id).exists():
            return False
        made = await cls._new(person, "passkey", name)
        made.credential, made.public_key, made.counter = passkey.id, passkey.public_key, passkey.uses
        await cls.offers.forget(place)
        return True

    @classmethod
    async def right_code(cls, person: UUID, code: str) -> bool:
        """Whether one of their authenticators shows this code now. It is good once."""
        now, right = surroundings().now, False
        for factor in await cls.where(cls.person_id == person, cls.secret.is_not(None)).lock().limit(MOST).all():
            secret = await cls.offers.unsealed(factor.id, factor.secret or b"")
            step = second_factor.step_of(secret, code, now, factor.counter) if secret is not None else None
            if step is not None and not right:
                factor.counter, factor.used_at, right = step, now, True
        return right

    @classmethod
    async def right_passkey(cls, person: UUID, place: UUID, answer: str) -> bool:
        """Whether one of their passkeys answers the challenge that was shown; it is used up in any case."""
        challenge = await cls.offers.taken(place)
        try:
            credential = second_factor.answered_by(answer)
            factor = await cls.where(cls.person_id == person, cls.credential == credential).lock().first()
            if factor is None or factor.public_key is None:
                return False
            passkey = Passkey(credential, factor.public_key, factor.counter)
            factor.counter = second_factor.authenticated(cls.party(), challenge, answer, passkey)
        except NotProved:
            return False
        factor.used_at = surroundings().now
        return True

    @classmethod
    async def passkeys(cls, person: UUID) -> list[bytes]:
        return [one.credential for one in await cls.of(person) if one.credential is not None]

    @classmethod
    async def remove(cls, person: UUID, factor: UUID, *, last: bool = False) -> tuple[str, int]:
        """Its name, and how many are left. last says whether the last one may go."""
        # Two that are removed at once must not leave none.
        held = await cls.where(cls.person_id == person).lock().limit(MOST).all()
        found = next((one for one in held if one.id == factor), None)
        if found is None:
            raise rpc.NotFound
        if len(held) == 1 and not last:
            raise LastFactor
        await cls.where(cls.id == factor).delete()
        return found.name, len(held) - 1

    @classmethod
    async def _new(cls, person: UUID, kind: str, name: str) -> Self:
        now = surroundings().now
        if await cls.where(cls.person_id == person).count_up_to(MOST) >= MOST:
            raise rpc.Conflict(f"{MOST} factors are enough. Remove one first.")
        return cls.add(person_id=person, kind=kind, name=name, created_at=now, used_at=now)


class RecoveryCode(orm.Model, abstract=True):
    """What is kept of a code that stands in for a lost factor, once."""

    fingerprint: orm.Column[bytes] = orm.binary(primary=True)
    person_id: orm.Column[UUID]

    @classmethod
    def key(cls) -> bytes:
        """It stands elsewhere, so that who reads the table cannot try codes on it."""
        raise NotImplementedError

    @classmethod
    async def renew(cls, person: UUID) -> list[str]:
        """New ones, to be shown once; the old ones are good for nothing any more."""
        await cls.where(cls.person_id == person).delete()
        codes = second_factor.new_codes()
        for code in codes:
            cls.add(fingerprint=recovery_fingerprint(cls.key(), person, code), person_id=person)
        return codes

    @classmethod
    async def use(cls, person: UUID, code: str) -> bool:
        used = cls.where(cls.person_id == person, cls.fingerprint == recovery_fingerprint(cls.key(), person, code))
        return await used.delete() == 1

    @classmethod
    async def left(cls, person: UUID) -> int:
        return await cls.where(cls.person_id == person).count_up_to(second_factor.COUNT)
