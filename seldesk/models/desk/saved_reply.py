import re
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

from msgspec import UNSET, UnsetType

import orm
import rpc
from seldesk.models.unique import written
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
MOST = 200
BEGINNING = 200
_PLACE = re.compile(r"\{(requester|agent|number)\}")


class SavedReplyKnown(rpc.Conflict):
    """There is a saved reply of this name already. Choose a different one."""

    code = "saved_reply_known"


class SavedReply(orm.Model, table="saved_replies", schema="app"):
    """A text for what is asked often. {requester}, {agent} and {number} in it stand for those of a ticket."""

    id: orm.Column[UUID] = orm.key()
    name: orm.Column[str] = orm.text(unique=True)
    text: orm.Column[str] = orm.text()
    created_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def create(cls, name: str, text: str) -> Self:
        if await cls.query().count_up_to(MOST) >= MOST:
            raise rpc.Conflict(f"A helpdesk has at most {MOST} saved replies.")
        made = cls.add(name=name, text=text, created_at=surroundings().now)
        await written(SavedReplyKnown)
        return made

    @classmethod
    def named(cls) -> "orm.Query[Self]":
        return cls.query().order_by(cls.name, cls.id).limit(MOST)

    @classmethod
    async def names(cls, shape: type[Shape]) -> list[Shape]:
        return await cls.named().into(shape, id=cls.id, name=cls.name)

    @classmethod
    def names_as(cls, shape: type[Any]) -> Any:
        """For a column of another query."""
        return cls.named().as_list(shape, id=cls.id, name=cls.name)

    @classmethod
    async def listed(cls, shape: type[Shape]) -> list[Shape]:
        """All of them by name, each with how it begins."""
        beginning = orm.function("left", cls.text, BEGINNING)
        return await cls.named().into(shape, id=cls.id, name=cls.name, beginning=beginning)

    def filled(self, requester: str, agent: str, number: int | None) -> str:
        """In one pass: a name that looks like a place is a name. What is not known, "" or None, stays a place."""
        values = {"requester": requester, "agent": agent, "number": "" if number is None else str(number)}
        return _PLACE.sub(lambda found: values[found[1]] or found[0], self.text)

    async def change(self, *, name: str | UnsetType, text: str | UnsetType) -> None:
        if name is not UNSET:
            self.name = name
        if text is not UNSET:
            self.text = text
        await written(SavedReplyKnown)
