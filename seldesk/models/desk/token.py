import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.desk.person import Person
from seldesk.models.desk.role import Post, Role
from seldesk.models.desk.session import fingerprint
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
TOUCHED_EVERY = timedelta(minutes=1)
MOST = 500


class Token(orm.Model, table="tokens", schema="secret"):
    """A program's key to /rpc. It acts as its person and dies with them.

    It may what its person may at the time and stands in its scopes: a promotion widens no token.
    """

    id: orm.Column[UUID] = orm.key()
    fingerprint: orm.Column[bytes] = orm.binary(unique=True)
    person_id: orm.Column[UUID] = orm.reference("app.people.id")
    name: orm.Column[str] = orm.text()
    scopes: orm.Column[list[str]] = orm.texts()
    created_at: orm.Column[datetime] = orm.time()
    used_at: orm.Column[datetime | None] = orm.time(optional=True)
    # A command of the operator made it, and not its person.
    by_operator: orm.Column[bool] = orm.flag(default=False)

    @classmethod
    async def issue(
        cls, person: Person, name: str, scopes: Collection[str] | None = None, *, by_operator: bool = False
    ) -> tuple[UUID, str]:
        """Its id and the secret. Without scopes it may all that its person may today."""
        held = (await Post.of(person)).permissions
        if scopes is not None and not set(scopes) <= held:
            raise rpc.Invalid(fields={"scopes": "A token may no more than its person: choose from what is offered."})
        if await cls.where(cls.person_id == person.id).count_up_to(MOST) >= MOST:
            raise rpc.Conflict(f"A person has at most {MOST} tokens. Revoke one first.")
        secret = "sdt_" + secrets.token_urlsafe(32)
        token = cls.add(
            fingerprint=fingerprint(secret),
            person_id=person.id,
            name=name,
            scopes=sorted(held if scopes is None else set(scopes)),
            created_at=surroundings().now,
            by_operator=by_operator,
        )
        surroundings().trail.about(person.id, token=token.id)
        surroundings().trail.knowing(token_name=name)
        return token.id, secret

    @classmethod
    def living(cls, secret: str) -> "orm.Query[Self]":
        living = cls.where(cls.fingerprint == fingerprint(secret), Person.disabled_at.is_(None))
        return living.join(Person, Person.id == cls.person_id).join(Role, Role.id == Person.role_id, optional=True)

    @classmethod
    async def touch(cls, token: UUID, used: datetime | None) -> None:
        """Note that it is used; seldom, so that reading seldom writes."""
        now = surroundings().now
        if used is None or now - used > TOUCHED_EVERY:
            await cls.where(cls.id == token).update(used_at=now)

    @classmethod
    async def page(cls, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
        """Everybody's, the newest first."""
        return (
            await cls.query()
            .join(Person, Person.id == cls.person_id)
            .page(
                shape,
                by=(cls.created_at, cls.id),
                cursor=cursor,
                id=cls.id,
                name=cls.name,
                person=Person.name,
                scopes=cls.scopes,
                created_at=cls.created_at,
                used_at=cls.used_at,
                by_operator=cls.by_operator,
            )
        )
