from datetime import datetime
from typing import Any, Self
from uuid import UUID

from msgspec import UNSET, UnsetType

import orm
import rpc
from seldesk.caller import Caller
from seldesk.models.desk.selection import Selection
from seldesk.models.unique import written
from seldesk.surroundings import surroundings

# Of one's own, and as many for everybody.
MOST = 30


class ViewKnown(rpc.Conflict):
    """There is a view of this name already. Choose a different one."""

    code = "view_known"


class TooManyViews(rpc.Conflict):
    """There are 30 views already. Delete one that nobody needs, then save this one."""

    code = "too_many_views"


class SavedView(orm.Model, table="saved_views", schema="app"):
    """A selection of tickets with a name, of one person or, where an owner shares it, for everybody."""

    id: orm.Column[UUID] = orm.key()
    person_id: orm.Column[UUID] = orm.reference("app.people.id")
    shared: orm.Column[bool] = orm.flag()
    name: orm.Column[str] = orm.text()
    # The fields of a Selection, which reads them again: never a part of a statement.
    conditions: orm.Column[dict[str, Any]] = orm.json()
    position: orm.Column[int] = orm.integer()
    created_at: orm.Column[datetime] = orm.time()

    indexes = (
        orm.index("saved_views_own", "person_id", "name", where="not shared", unique=True),
        orm.index("saved_views_shared", "name", where="shared", unique=True),
    )

    @classmethod
    def seen_by(cls, caller: Caller) -> "orm.Query[Self]":
        """One's own in their order, then those for everybody in theirs."""
        seen = cls.where(orm.or_(cls.shared, cls.person_id == caller.id))
        return seen.order_by(cls.shared, cls.position, cls.id).limit(2 * MOST)

    @classmethod
    async def save(cls, caller: Caller, name: str, selection: Selection, *, shared: bool) -> Self:
        """Under a name that is known already, this one stands in its place."""
        others = await cls._beside(caller, shared)
        for one in others:
            if one.name == name:
                one.conditions = selection.kept()
                return one
        if len(others) >= MOST:
            raise TooManyViews
        saved = cls.add(
            person_id=caller.id,
            shared=shared,
            name=name,
            conditions=selection.kept(),
            position=others[-1].position + 1 if others else 1,
            created_at=surroundings().now,
        )
        await written(ViewKnown)
        return saved

    @classmethod
    async def change(cls, caller: Caller, saved: UUID, *, name: str | UnsetType, place: int | UnsetType) -> None:
        one = await cls._held(caller, saved)
        if name is not UNSET:
            one.name = name
            await written(ViewKnown)
        if place is not UNSET:
            others = [other for other in await cls._beside(caller, one.shared) if other.id != saved]
            others.insert(place - 1, one)
            for position, other in enumerate(others, 1):
                other.position = position

    @classmethod
    async def forget(cls, caller: Caller, saved: UUID) -> None:
        await (await cls._held(caller, saved)).delete()

    @classmethod
    async def _held(cls, caller: Caller, saved: UUID) -> Self:
        """For a change: one's own, or as an owner one for everybody. Who only sees it may not."""
        one = await cls.seen_by(caller).where(cls.id == saved).lock().one()
        _check(caller, one.shared)
        return one

    @classmethod
    async def _beside(cls, caller: Caller, shared: bool) -> list[Self]:
        """Those among which it has its name and place."""
        _check(caller, shared)
        these = cls.where(cls.shared) if shared else cls.where(~cls.shared, cls.person_id == caller.id)
        return await these.order_by(cls.position, cls.id).lock().all()


def _check(caller: Caller, shared: bool) -> None:
    if shared and not caller.may("settings"):
        raise rpc.Forbidden("Views for everybody are an owner's to save and change.")
