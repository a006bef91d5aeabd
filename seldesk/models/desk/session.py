import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.caller import Caller
from seldesk.errors import TooManyTries
from seldesk.models.desk import merging
from seldesk.models.desk.device import browser_of
from seldesk.models.desk.limit import Limit
from seldesk.models.desk.person import Person
from seldesk.models.desk.role import Role
from seldesk.models.desk.ticket import Ticket
from seldesk.models.limit import Window
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
LINK_LONGEST = timedelta(days=1)
TOUCHED_EVERY = timedelta(minutes=1)
# Of one person, in browsers that nobody signed out of. When there are so many, those that were used last are left.
MOST, LEFT = 100, 50
# A link is good for weeks, and each time that it is opened leaves a row.
OPENED = Window("opened links", 60, timedelta(hours=1))


def fingerprint(secret: str) -> bytes:
    """What is kept of a random secret. No salt: 256 random bits cannot be guessed from their hash."""
    return sha256(secret.encode()).digest()


class Session(orm.Model, table="sessions", schema="secret"):
    """A signed-in browser. With a ticket it came by a link and opens only that one."""

    id: orm.Column[UUID] = orm.key()
    fingerprint: orm.Column[bytes] = orm.binary(unique=True)
    person_id: orm.Column[UUID] = orm.reference("app.people.id")
    ticket_id: orm.Column[UUID | None] = orm.reference("app.tickets.id", optional=True)
    address: orm.Column[str] = orm.text()
    browser: orm.Column[str] = orm.text(default="")
    # By which second factor, "" for none.
    factor: orm.Column[str] = orm.text(default="")
    created_at: orm.Column[datetime] = orm.time()
    seen_at: orm.Column[datetime] = orm.time()
    proved_at: orm.Column[datetime] = orm.time()
    expires_at: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    def begin(cls, caller: Caller, person: UUID, ticket: Ticket | None = None, *, factor: str = "") -> tuple[Self, str]:
        """A new session and the secret for its cookie."""
        secret, now = secrets.token_urlsafe(32), surroundings().now
        surroundings().trail.about(person)
        session = cls.add(
            fingerprint=fingerprint(secret),
            person_id=person,
            ticket_id=ticket.id if ticket else None,
            address=caller.address,
            browser=browser_of(caller.agent),
            factor=factor,
            created_at=now,
            seen_at=now,
            proved_at=now,
            expires_at=now + (LINK_LONGEST if ticket else LONGEST),
        )
        return session, secret

    @classmethod
    def counted(cls, person: Any) -> Any:
        """How many a person has, MOST at most, as a column; without those of links, which are few and short."""
        return orm.capped(cls.where(cls.person_id == person, cls.ticket_id.is_(None)), MOST)

    @classmethod
    async def end_oldest(cls, person: UUID) -> None:
        theirs = cls.where(cls.person_id == person, cls.ticket_id.is_(None))
        used = await theirs.order_by(cls.seen_at.desc(), cls.id.desc()).limit(LEFT).all()
        await theirs.where(cls.id.not_in([session.id for session in used])).delete()

    @classmethod
    async def prove(cls, caller: Caller) -> str:
        """It was proved anew who this is; the session goes on under a new secret, and no longer than before."""
        secret = secrets.token_urlsafe(32)
        held = cls.where(cls.id == caller.session, cls.person_id == caller.id)
        await held.update(fingerprint=fingerprint(secret), proved_at=surroundings().now)
        return secret

    @classmethod
    async def by_link(cls, caller: Caller, token: str) -> tuple[str, Ticket]:
        """A session for the requester to whom this ticket link was mailed."""
        content = surroundings().signer.read("ticket", token, surroundings().now)
        ticket = await merging.followed(await Ticket.where(Ticket.id == UUID(content["ticket"])).one())
        person = await Person.get(UUID(content["person"]))
        if person.disabled_at is not None:
            raise rpc.NotFound
        if ticket.requester_id != person.id:
            raise merging.GoesOnElsewhere
        if wait := await Limit.claim(OPENED, str(person.id)):
            raise TooManyTries(retry_after=wait)
        return cls.begin(caller, person.id, ticket)[1], ticket

    @classmethod
    async def end(cls, caller: Caller) -> None:
        await cls.where(cls.id == caller.session).delete()

    @classmethod
    def own(cls, caller: Caller) -> "orm.Query[Self]":
        """Where this person is signed in."""
        now = surroundings().now
        return cls.where(cls.person_id == caller.id, cls.expires_at > now, cls.seen_at > now - IDLE)

    @classmethod
    async def mine(cls, caller: Caller, shape: type[Shape]) -> list[Shape]:
        """Those sessions, the one seen last first; ticket links among them."""
        return await (
            cls.own(caller)
            .order_by(cls.seen_at.desc(), cls.id)
            .limit(100)
            .into(
                shape,
                id=cls.id,
                address=cls.address,
                browser=cls.browser,
                created_at=cls.created_at,
                seen_at=cls.seen_at,
                current=cls.id == caller.session,
            )
        )

    @classmethod
    async def end_one(cls, caller: Caller, session: UUID) -> None:
        if not await cls.where(cls.person_id == caller.id, cls.id == session).delete():
            raise rpc.NotFound

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.expires_at < surroundings().now).delete()

    @classmethod
    async def holder(cls, secret: str, shape: type[Shape], *, by_link: bool) -> list[Shape]:
        """Whose session this cookie is, unless it is over."""
        now = surroundings().now
        return await cls._holder(shape, by_link).read(fingerprint=fingerprint(secret), now=now, used=now - IDLE)

    @classmethod
    @orm.kept
    def _holder(cls, shape: type[Shape], by_link: bool) -> "orm.Prepared[Shape]":
        living = cls._living(orm.parameter("now", cls.expires_at), orm.parameter("used", cls.seen_at)).where(
            cls.fingerprint == orm.parameter("fingerprint", cls.fingerprint),
            cls.ticket_id.is_not(None) if by_link else cls.ticket_id.is_(None),
        )
        return orm.Prepared(
            living.join(Role, Role.id == Person.role_id, optional=True).limit(1),
            shape,
            id=Person.id,
            name=Person.name,
            email=Person.email,
            role=Person.role,
            title=Role.name,
            granted=Role.permissions,
            zone=Person.zone,
            session=cls.id,
            ticket=cls.ticket_id,
            seen=cls.seen_at,
            proved=cls.proved_at,
            factor=cls.factor,
        )

    @classmethod
    def not_over(cls) -> "orm.Query[Self]":
        now = surroundings().now
        return cls._living(now, now - IDLE)

    @classmethod
    def _living(cls, now: Any, used: Any) -> "orm.Query[Self]":
        """Those not over by now and used since, each with its person."""
        return cls.where(cls.expires_at > now, cls.seen_at > used, Person.disabled_at.is_(None)).join(
            Person, Person.id == cls.person_id
        )

    @classmethod
    async def touch(cls, session: UUID, seen: datetime) -> None:
        """Keep it from going idle; seldom, so that reading pages seldom writes."""
        now = surroundings().now
        if now - seen > TOUCHED_EVERY:
            await cls.where(cls.id == session).update(seen_at=now)
