import secrets
from datetime import datetime
from typing import Self
from uuid import UUID

import orm
from seldesk.models.desk.person import Person
from seldesk.models.desk.session import fingerprint
from seldesk.surroundings import surroundings


class Token(orm.Model, table="tokens", schema="secret"):
    """A program's key to /rpc. It acts as its person and dies with them."""

    id: orm.Column[UUID] = orm.key()
    fingerprint: orm.Column[bytes] = orm.binary(unique=True)
    person_id: orm.Column[UUID] = orm.reference("app.people.id", index=True)
    name: orm.Column[str] = orm.text()
    created_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def issue(cls, person: Person, name: str) -> str:
        secret = "sdt_" + secrets.token_urlsafe(32)
        cls.add(fingerprint=fingerprint(secret), person_id=person.id, name=name, created_at=surroundings().now)
        return secret

    @classmethod
    def living(cls, secret: str) -> "orm.Query[Self]":
        return cls.where(cls.fingerprint == fingerprint(secret), Person.disabled_at.is_(None)).join(
            Person, Person.id == cls.person_id
        )
