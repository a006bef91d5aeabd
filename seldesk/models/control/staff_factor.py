import hmac
from datetime import datetime
from hashlib import sha256
from typing import Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models import second_factor
from seldesk.models.control.staff import Staff
from seldesk.models.control.staff_offer import StaffOffer, sealed, unsealed
from seldesk.models.second_factor import NotProved, Party, Passkey, recovery_fingerprint
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
MOST = 20


class LastFactor(rpc.Conflict):
    """This is the only second factor, and without one nobody signs in. Add another first."""

    code = "last_factor"


def party() -> Party:
    """Staff's passkeys are of the console's host and open nothing anywhere else."""
    addresses = surroundings().addresses
    return Party(addresses.ops_base, "Seldesk console", addresses.console())


class StaffFactor(orm.Model, table="staff_factors", schema="control"):
    """A second factor of one of the staff: an authenticator program, or a passkey."""

    id: orm.Column[UUID] = orm.key()
    staff_id: orm.Column[UUID] = orm.reference("control.staff.id", index=True)
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
    async def of(cls, staff: UUID) -> list[Self]:
        return await cls.where(cls.staff_id == staff).order_by(cls.id).limit(MOST).all()

    @classmethod
    async def listed(cls, staff: UUID, shape: type[Shape]) -> list[Shape]:
        columns = {"id": cls.id, "kind": cls.kind, "name": cls.name, "created_at": cls.created_at}
        return (
            await cls.where(cls.staff_id == staff)
            .order_by(cls.id)
            .limit(MOST)
            .into(shape, **columns, used_at=cls.used_at)
        )

    @classmethod
    async def enrol_authenticator(cls, staff: Staff, owner: UUID, code: str, name: str) -> bool:
        """Whether this is a code of the secret that was shown; then it stands, and the code is used up."""
        offer, now = await StaffOffer.of(owner), surroundings().now
        if offer is None or offer.secret is None:
            return False
        secret = unsealed(owner, offer.secret)
        step = second_factor.step_of(secret, code, now, 0)
        if step is None:
            return False
        made = await cls._new(staff, "authenticator", name)
        made.secret, made.counter = sealed(made.id, secret), step
        await StaffOffer.forget(owner)
        return True

    @classmethod
    async def enrol_passkey(cls, staff: Staff, owner: UUID, answer: str, name: str) -> bool:
        """Whether this answers the challenge that was shown; it is used up in any case."""
        challenge = await _challenge(owner)
        try:
            passkey = second_factor.registered(party(), challenge, answer)
        except NotProved:
            return False
        if await cls.where(cls.credential == passkey.id).exists():
            return False
        made = await cls._new(staff, "passkey", name)
        made.credential, made.public_key, made.counter = passkey.id, passkey.public_key, passkey.uses
        await StaffOffer.forget(owner)
        return True

    @classmethod
    async def right_code(cls, staff: UUID, code: str) -> bool:
        """Whether one of their authenticators shows this code now. It is good once."""
        now, right = surroundings().now, False
        for factor in await cls.where(cls.staff_id == staff, cls.secret.is_not(None)).lock().limit(MOST).all():
            step = second_factor.step_of(unsealed(factor.id, factor.secret or b""), code, now, factor.counter)
            if step is not None and not right:
                factor.counter, factor.used_at, right = step, now, True
        return right

    @classmethod
    async def right_passkey(cls, staff: UUID, owner: UUID, answer: str) -> bool:
        """Whether one of their passkeys answers the challenge that was shown; it is used up in any case."""
        challenge = await _challenge(owner)
        try:
            credential = second_factor.answered_by(answer)
            factor = await cls.where(cls.staff_id == staff, cls.credential == credential).lock().first()
            if factor is None or factor.public_key is None:
                return False
            passkey = Passkey(credential, factor.public_key, factor.counter)
            factor.counter = second_factor.authenticated(party(), challenge, answer, passkey)
        except NotProved:
            return False
        factor.used_at = surroundings().now
        return True

    @classmethod
    async def passkeys(cls, staff: UUID) -> list[bytes]:
        return [one.credential for one in await cls.of(staff) if one.credential is not None]

    @classmethod
    async def remove(cls, staff: UUID, factor: UUID) -> str:
        """Its name; never the last one."""
        # Two that are removed at once must not leave none.
        held = await cls.where(cls.staff_id == staff).lock().limit(MOST).all()
        found = next((one for one in held if one.id == factor), None)
        if found is None:
            raise rpc.NotFound
        if len(held) == 1:
            raise LastFactor
        await cls.where(cls.id == factor).delete()
        return found.name

    @classmethod
    async def _new(cls, staff: Staff, kind: str, name: str) -> Self:
        now = surroundings().now
        if await cls.where(cls.staff_id == staff.id).count_up_to(MOST) >= MOST:
            raise rpc.Conflict(f"{MOST} factors are enough. Remove one first.")
        staff.enrolled_at = staff.enrolled_at or now
        return cls.add(staff_id=staff.id, kind=kind, name=name, created_at=now, used_at=now)


class StaffRecovery(orm.Model, table="staff_recovery_codes", schema="control"):
    """What is kept of a code that stands in for a lost factor, once."""

    fingerprint: orm.Column[bytes] = orm.binary(primary=True)
    staff_id: orm.Column[UUID] = orm.reference("control.staff.id", index=True)

    @classmethod
    async def renew(cls, staff: UUID) -> list[str]:
        """New ones, to be shown once; the old ones are good for nothing any more."""
        await cls.where(cls.staff_id == staff).delete()
        codes = second_factor.new_codes()
        for code in codes:
            cls.add(fingerprint=_kept(staff, code), staff_id=staff)
        return codes

    @classmethod
    async def use(cls, staff: UUID, code: str) -> bool:
        return await cls.where(cls.staff_id == staff, cls.fingerprint == _kept(staff, code)).delete() == 1

    @classmethod
    async def left(cls, staff: UUID) -> int:
        return await cls.where(cls.staff_id == staff).count_up_to(second_factor.COUNT)


async def _challenge(owner: UUID) -> bytes:
    """The one that was shown, which is used up by being asked for. A new one is right for no answer."""
    offer = await StaffOffer.of(owner)
    if offer is None or offer.challenge is None:
        return second_factor.new_challenge()
    challenge, offer.challenge = offer.challenge, None
    return challenge


def _kept(staff: UUID, code: str) -> bytes:
    return recovery_fingerprint(hmac.digest(surroundings().signing_key, b"staff recovery", sha256), staff, code)
