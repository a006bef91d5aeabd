import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.caller import Acting
from seldesk.models.control.access_grant import AccessGrant
from seldesk.models.control.staff import Staff, fingerprint
from seldesk.models.control.staff_session import IDLE as SIGNED_IN_IDLE
from seldesk.models.control.staff_session import StaffSession
from seldesk.permissions import STAFF_ROLES
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Scope = Literal["read", "write"]
End = Literal["stopped", "idle", "over", "grant", "staff", "subject", "unused", "unopened"]
LONGEST, IDLE = timedelta(minutes=60), timedelta(minutes=15)
HANDED_OVER_WITHIN = timedelta(seconds=60)
KEPT = timedelta(days=400)
PERMISSION = "console.access"
MAY = [role for role, permissions in STAFF_ROLES.items() if PERMISSION in permissions]


class Access(orm.Model, table="accesses", schema="control"):
    """One of the staff in a customer's account, in the name of one of its people. It is the session as well: what ends
    one stands in this database, and no restored copy of the customer's brings one back.
    """

    id: orm.Column[UUID] = orm.key()
    grant_id: orm.Column[UUID] = orm.reference("control.access_grants.id", index=False, delete="cascade")
    customer_id: orm.Column[UUID] = orm.identifier()
    staff_id: orm.Column[UUID] = orm.reference("control.staff.id", index=False)
    # Of the console: this access ends with it.
    session_id: orm.Column[UUID] = orm.identifier()
    subject_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    ticket: orm.Column[int] = orm.integer()
    scope: orm.Column[str] = orm.choice("read", "write")
    reason: orm.Column[str] = orm.text()
    # Of the link by which they come, and after that of the cookie.
    fingerprint: orm.Column[bytes | None] = orm.binary(optional=True, unique=True)
    requested_at: orm.Column[datetime] = orm.time()
    opened_at: orm.Column[datetime | None] = orm.time(optional=True)
    started_at: orm.Column[datetime | None] = orm.time(optional=True)
    seen_at: orm.Column[datetime | None] = orm.time(optional=True)
    until: orm.Column[datetime] = orm.time()
    ended_at: orm.Column[datetime | None] = orm.time(optional=True)
    ended: orm.Column[str] = orm.text(default="")
    calls: orm.Column[int] = orm.integer(default=0)

    indexes = (
        orm.index("accesses_customer", "customer_id", "id"),
        orm.index("accesses_staff", "staff_id", "requested_at"),
        orm.index("accesses_standing", "until", where="ended_at is null"),
    )

    @classmethod
    async def open(cls, access: UUID, customer: UUID, subject: UUID) -> str:
        """The secret of a link that is good once and for a minute; only now there is something to come in by."""
        secret, now = secrets.token_urlsafe(32), surroundings().now
        asked = cls.where(cls.id == access, cls.customer_id == customer, cls.opened_at.is_(None))
        until = now + HANDED_OVER_WITHIN
        if not await asked.where(cls.ended_at.is_(None)).update(
            subject_id=subject, fingerprint=fingerprint(secret), opened_at=now, until=until
        ):
            raise rpc.NotFound
        return secret

    @classmethod
    async def offered(cls, customer: UUID, secret: str) -> Acting:
        """What a link leads to, without using it up. NotFound when it was used, or what it hangs on is over."""
        rows = await cls._living().where(*cls._by_link(customer, secret)).into(Acting, **cls._acting())
        if not rows:
            raise rpc.NotFound
        return rows[0]

    @classmethod
    async def redeem(cls, customer: UUID, secret: str) -> tuple[str, Acting]:
        """The secret for the cookie. Of two at once one gets it: the link is the row's, which is locked."""
        offered = await cls.offered(customer, secret)
        row = await cls.where(*cls._by_link(customer, secret)).lock().first()
        if row is None:
            raise rpc.NotFound
        grant, made, now = await AccessGrant.get(row.grant_id), secrets.token_urlsafe(32), surroundings().now
        row.fingerprint, row.started_at, row.seen_at = fingerprint(made), now, now
        row.until = min(now + LONGEST, grant.until or now)
        await orm.flush()
        return made, offered

    @classmethod
    async def held(cls, customer: UUID, secret: str) -> Acting:
        """Who acts with this cookie. Unauthenticated as soon as anything that it hangs on has ended."""
        now = surroundings().now
        own = cls.fingerprint == fingerprint(secret), cls.customer_id == customer, cls.started_at.is_not(None)
        rows = await cls._living().where(*own, cls.seen_at > now - IDLE).limit(1).into(Acting, **cls._acting())
        if not rows:
            raise rpc.Unauthenticated
        return rows[0]

    @classmethod
    async def touch(cls, access: UUID) -> None:
        """Another call. Whoever works here is not idle at the console either."""
        now = surroundings().now
        await cls.where(cls.id == access).update(seen_at=now, calls=cls.calls + 1)
        one = cls.where(cls.id == access, cls.session_id == StaffSession.id)
        await StaffSession.where(orm.exists(one)).update(seen_at=now)

    @classmethod
    async def uncount(cls, access: UUID) -> None:
        """One that was counted was not made."""
        await cls.where(cls.id == access).update(calls=cls.calls - 1)

    @classmethod
    async def end(cls, access: UUID, why: End) -> Self | None:
        """None when it was over already."""
        row = await cls.where(cls.id == access, cls.ended_at.is_(None)).lock().first()
        if row is not None:
            row.ended_at, row.ended, row.fingerprint = await row._ended_at(), why, None
        return row

    async def _ended_at(self) -> datetime:
        """Whatever came first, which may be long before anybody looks."""
        grant = await AccessGrant.get(self.grant_id)
        idle = self.seen_at + IDLE if self.seen_at else None
        return min(filter(None, (surroundings().now, self.until, idle, grant.until, grant.revoked_at)))

    @classmethod
    async def cut_off(cls, staff: UUID) -> None:
        """All that they have is over for good, also if they may again a moment later."""
        await cls._cut(cls.staff_id == staff, why="staff")

    @classmethod
    async def lose(cls, customer: UUID, subject: UUID) -> None:
        """The same of all that is done in the name of somebody who is not active any more."""
        await cls._cut(cls.customer_id == customer, cls.subject_id == subject, why="subject")

    @classmethod
    async def _cut(cls, *whose: orm.Condition, why: End) -> None:
        now = surroundings().now
        await cls.where(*whose, cls.ended_at.is_(None), cls.until > now).update(until=now, ended=why)

    @classmethod
    async def running(cls, staff: UUID) -> bool:
        """Whether they are somewhere just now: nobody is somebody else twice at once."""
        return await cls._living().where(cls.staff_id == staff, cls._not_idle()).exists()

    @classmethod
    async def over(cls, shape: type[Shape], limit: int = 200) -> list[Shape]:
        """Those whose end nobody has written down yet, and why each has ended."""
        now = surroundings().now
        alive, allowed = cls._alive(now), cls._allowed(now)
        why = orm.case(
            (cls.ended != "", cls.ended),
            (cls.opened_at.is_(None), "unopened"),
            (cls.started_at.is_(None), "unused"),
            (~allowed, "grant"),
            # Who looks late finds their session at the console over as well, which came after that.
            (~cls._not_idle() & (cls.until - cls.seen_at > IDLE), "idle"),
            (cls.until <= now, "over"),
            otherwise="staff",
        )
        gone = orm.or_(cls.until <= now, ~cls._not_idle(), ~alive, ~allowed)
        ended = cls.where(cls.ended_at.is_(None), gone).join(Staff, Staff.id == cls.staff_id)
        columns = {"id": cls.id, "customer": cls.customer_id, "staff": cls.staff_id, "subject": cls.subject_id}
        return await ended.order_by(cls.id).limit(limit).into(shape, **columns, name=Staff.name, why=why)

    @classmethod
    async def listed(cls, customer: UUID, shape: type[Shape], limit: int) -> list[Shape]:
        """The newest that became something."""
        return await cls._of(customer).order_by(cls.id.desc()).limit(limit).into(shape, **cls.columns())

    @classmethod
    async def page(cls, customer: UUID, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
        """All of them, the newest first."""
        return await cls._of(customer).page(shape, by=(cls.id,), cursor=cursor, **cls.columns())

    @classmethod
    async def shown(cls, customer: UUID, access: UUID, shape: type[Shape]) -> Shape:
        return await cls._of(customer).where(cls.id == access).one_into(shape, **cls.columns())

    @classmethod
    def _of(cls, customer: UUID) -> "orm.Query[Self]":
        became = cls.where(cls.customer_id == customer, cls.opened_at.is_not(None))
        named = became.join(Staff, Staff.id == cls.staff_id)
        return named.join(AccessGrant, AccessGrant.id == cls.grant_id)

    @classmethod
    def columns(cls) -> dict[str, Any]:
        now = surroundings().now
        return {
            "id": cls.id,
            "staff_id": cls.staff_id,
            "staff": Staff.name,
            "subject": cls.subject_id,
            "ticket": cls.ticket,
            "scope": cls.scope,
            "reason": cls.reason,
            "grant": AccessGrant.kind,
            "legal_reference": AccessGrant.legal_reference,
            "opened_at": cls.opened_at,
            "started_at": cls.started_at,
            "until": cls.until,
            "ended_at": cls.ended_at,
            "ended": cls.ended,
            "calls": cls.calls,
            "running": cls.ended_at.is_(None)
            & cls.started_at.is_not(None)
            & (cls.until > now)
            & cls._not_idle()
            & cls._alive(now)
            & cls._allowed(now),
        }

    @classmethod
    def _living(cls) -> "orm.Query[Self]":
        """Not over, nor anything that it hangs on: the grant, the console's session, the account and its role."""
        now = surroundings().now
        return (
            cls.where(cls.ended_at.is_(None), cls.until > now, *AccessGrant.open_at(now))
            .where(*_well(now))
            .join(AccessGrant, AccessGrant.id == cls.grant_id)
            .join(StaffSession, StaffSession.id == cls.session_id)
            .join(Staff, Staff.id == cls.staff_id)
        )

    @classmethod
    def _alive(cls, now: datetime) -> Any:
        held = StaffSession.where(StaffSession.id == cls.session_id, *_well(now))
        return orm.exists(held.join(Staff, Staff.id == StaffSession.staff_id))

    @classmethod
    def _allowed(cls, now: datetime) -> Any:
        return orm.exists(AccessGrant.where(AccessGrant.id == cls.grant_id, *AccessGrant.open_at(now)))

    @classmethod
    def _not_idle(cls) -> Any:
        return orm.or_(cls.seen_at.is_(None), cls.seen_at > surroundings().now - IDLE)

    @classmethod
    def _by_link(cls, customer: UUID, secret: str) -> Collection[orm.Condition]:
        held = cls.fingerprint == fingerprint(secret), cls.customer_id == customer
        return *held, cls.opened_at.is_not(None), cls.started_at.is_(None)

    @classmethod
    def _acting(cls) -> dict[str, Any]:
        return {
            "access": cls.id,
            "staff_id": Staff.id,
            "staff": Staff.name,
            "email": Staff.email,
            "subject": cls.subject_id,
            "scope": cls.scope,
            "reason": cls.reason,
            "ticket": cls.ticket,
            "until": cls.until,
        }

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.requested_at < surroundings().now - KEPT).delete()


def allows(roles: Collection[str]) -> bool:
    return any(role in MAY for role in roles)


def _well(now: datetime) -> tuple[orm.Condition, ...]:
    """The session at the console, and whose it is."""
    signed_in = StaffSession.expires_at > now, StaffSession.seen_at > now - SIGNED_IN_IDLE
    return *signed_in, Staff.disabled_at.is_(None), orm.or_(*(orm.any_of(Staff.roles, role) for role in MAY))
