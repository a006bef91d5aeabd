from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk.device import browser_of
from seldesk.surroundings import surroundings

KEPT = timedelta(days=90)
SHOWN = 20


class SignIn(orm.Model, table="sign_ins", schema="secret"):
    """That somebody came in: when, from where, with which browser, and how."""

    id: orm.Column[UUID] = orm.key()
    person_id: orm.Column[UUID] = orm.reference("app.people.id")
    # Of the session that it began, which may be over.
    session_id: orm.Column[UUID] = orm.identifier()
    at: orm.Column[datetime] = orm.time(index=True)
    address: orm.Column[str] = orm.text()
    browser: orm.Column[str] = orm.text()
    way: orm.Column[str] = orm.choice("password", "link")
    factor: orm.Column[str] = orm.choice("", "authenticator", "passkey", "recovery code")

    @classmethod
    def note(cls, caller: Caller, person: UUID, session: UUID, way: str, factor: str) -> Self:
        return cls.add(
            person_id=person,
            session_id=session,
            at=surroundings().now,
            address=caller.address,
            browser=browser_of(caller.agent),
            way=way,
            factor=factor,
        )

    @classmethod
    def lately(cls, person: UUID) -> "orm.Query[Self]":
        return cls.where(cls.person_id == person).order_by(cls.at.desc(), cls.id.desc()).limit(SHOWN)

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.at < surroundings().now - KEPT).delete()
