import secrets
from datetime import datetime, timedelta
from typing import Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.caller import Caller
from seldesk.errors import EntryOver
from seldesk.models.control.staff import Staff, fingerprint
from seldesk.models.control.staff_offer import StaffOffer
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
TOUCHED_EVERY = timedelta(minutes=1)
TO_PROVE, TO_ENROL = timedelta(minutes=10), timedelta(minutes=30)


class StaffEntry(orm.Model, table="staff_entries", schema="control"):
    """Somebody on the way in: the password was right, or the link, and the second factor is still to come.

    A table of its own, so that no mistake in a query makes a session of it.
    """

    id: orm.Column[UUID] = orm.key()
    fingerprint: orm.Column[bytes] = orm.binary(unique=True)
    staff_id: orm.Column[UUID] = orm.reference("control.staff.id", index=True)
    enrols: orm.Column[bool] = orm.flag()
    expires_at: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    def begin(cls, staff: Staff, *, enrols: bool) -> str:
        """The secret for its cookie."""
        secret, until = secrets.token_urlsafe(32), surroundings().now + (TO_ENROL if enrols else TO_PROVE)
        cls.add(fingerprint=fingerprint(secret), staff_id=staff.id, enrols=enrols, expires_at=until)
        return secret

    @classmethod
    async def open(cls, secret: str, *, enrols: bool) -> tuple[Self, Staff]:
        """EntryOver when it is too old, was used, or its person was disabled."""
        found = cls.where(
            cls.fingerprint == fingerprint(secret), cls.expires_at > surroundings().now, cls.enrols.is_(enrols)
        )
        entry = await found.lock().first()
        staff = await Staff.where(Staff.id == entry.staff_id, Staff.disabled_at.is_(None)).first() if entry else None
        if entry is None or staff is None:
            raise EntryOver
        return entry, staff

    async def end(self) -> None:
        await StaffOffer.forget(self.id)
        await StaffEntry.where(StaffEntry.id == self.id).delete()

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.expires_at < surroundings().now).delete()


class StaffSession(orm.Model, table="staff_sessions", schema="control"):
    """A browser in which one of the staff is signed in, with both factors."""

    id: orm.Column[UUID] = orm.key()
    fingerprint: orm.Column[bytes] = orm.binary(unique=True)
    staff_id: orm.Column[UUID] = orm.reference("control.staff.id", index=True)
    address: orm.Column[str] = orm.text()
    created_at: orm.Column[datetime] = orm.time()
    seen_at: orm.Column[datetime] = orm.time()
    proved_at: orm.Column[datetime] = orm.time()
    expires_at: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    def start(cls, caller: Caller, staff: Staff) -> str:
        """A new session and the secret for its cookie."""
        secret, now = secrets.token_urlsafe(32), surroundings().now
        staff.signed_in_at = now
        cls.add(
            fingerprint=fingerprint(secret),
            staff_id=staff.id,
            address=caller.address,
            created_at=now,
            seen_at=now,
            proved_at=now,
            expires_at=now + LONGEST,
        )
        return secret

    @classmethod
    async def prove(cls, caller: Caller) -> str:
        """It was proved anew who this is; the session goes on under a new secret, and no longer than before."""
        secret = secrets.token_urlsafe(32)
        held = cls.where(cls.id == caller.session, cls.staff_id == caller.id)
        await held.update(fingerprint=fingerprint(secret), proved_at=surroundings().now)
        return secret

    @classmethod
    async def holder(cls, secret: str, shape: type[Shape]) -> list[Shape]:
        """Whose session this cookie is, unless it is over or its person was disabled."""
        now = surroundings().now
        living = cls.where(cls.fingerprint == fingerprint(secret), cls.expires_at > now, cls.seen_at > now - IDLE)
        joined = living.where(Staff.disabled_at.is_(None)).join(Staff, Staff.id == cls.staff_id).limit(1)
        columns = {"id": Staff.id, "name": Staff.name, "email": Staff.email, "roles": Staff.roles}
        return await joined.into(shape, **columns, session=cls.id, seen=cls.seen_at, proved=cls.proved_at)

    @classmethod
    async def owner(cls, secret: str) -> Staff | None:
        """The same, as one of the staff."""
        now = surroundings().now
        living = cls.where(cls.fingerprint == fingerprint(secret), cls.expires_at > now, cls.seen_at > now - IDLE)
        held = orm.exists(living.where(cls.staff_id == Staff.id))
        return await Staff.where(Staff.disabled_at.is_(None), held).first()

    @classmethod
    async def touch(cls, session: UUID, seen: datetime) -> None:
        """Keep it from going idle; seldom, so that reading pages seldom writes."""
        now = surroundings().now
        if now - seen > TOUCHED_EVERY:
            await cls.where(cls.id == session).update(seen_at=now)

    @classmethod
    async def mine(cls, caller: Caller, shape: type[Shape]) -> list[Shape]:
        now = surroundings().now
        own = cls.where(cls.staff_id == caller.id, cls.expires_at > now, cls.seen_at > now - IDLE)
        columns = {"id": cls.id, "address": cls.address, "created_at": cls.created_at, "seen_at": cls.seen_at}
        newest = own.order_by(cls.seen_at.desc(), cls.id).limit(100)
        return await newest.into(shape, **columns, current=cls.id == caller.session)

    @classmethod
    async def end_one(cls, caller: Caller, session: UUID) -> None:
        if not await cls.where(cls.staff_id == caller.id, cls.id == session).delete():
            raise rpc.NotFound
        await StaffOffer.forget(session)

    @classmethod
    async def end_all(cls, staff: UUID, but: UUID | None = None) -> None:
        """And all that is on the way in."""
        other = cls.where(cls.staff_id == staff)
        await (other if but is None else other.where(cls.id != but)).delete()
        await StaffEntry.where(StaffEntry.staff_id == staff).delete()

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.expires_at < surroundings().now).delete()
