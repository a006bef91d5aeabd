"""Selections of tickets that are kept under a name, beside the views that are always there."""

import builtins
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.members import Name
from seldesk.methods.desk.shapes.desk import SavedView
from seldesk.methods.desk.shapes.words import Channel, Sort, Status, Tag, View
from seldesk.models import desk as models

PEOPLE_AND_TOKENS = (rpc.Kind.PERSON, rpc.Kind.TOKEN)
Place = Annotated[int, Meta(ge=1, le=100)]


@rpc.public("tickets.read", kinds=PEOPLE_AND_TOKENS, reads=True)
async def list(caller: Caller) -> builtins.list[SavedView]:
    """One's own in their order, then those that owners share with everybody."""
    return await models.listing.saved_views(caller, SavedView)


@rpc.public("tickets.write", kinds=PEOPLE_AND_TOKENS)
async def save(
    caller: Caller,
    name: Name,
    shared: bool = False,
    view: View = "open",
    status: Status | None = None,
    assignee: UUID | None = None,
    team: UUID | None = None,
    tag: Tag | None = None,
    requester: rpc.Line | None = None,
    channel: Channel | None = None,
    created_from: date | None = None,
    created_until: date | None = None,
    sort: Sort = "updated",
) -> UUID:
    """Keep what tickets.list takes under a name; one of this name is replaced. Owners may share it with everybody."""
    selection = models.Selection(
        view=view,
        status=status,
        assignee=assignee,
        team=team,
        tag=tag,
        requester=requester,
        channel=channel,
        created_from=created_from,
        created_until=created_until,
        sort=sort,
    )
    return (await models.SavedView.save(caller, name, selection, shared=shared)).id


@rpc.public("tickets.write", kinds=PEOPLE_AND_TOKENS)
async def update(caller: Caller, saved: UUID, name: Name | UnsetType = UNSET, place: Place | UnsetType = UNSET) -> None:
    """Change what is given. place is where it stands among one's own, or among the shared ones, from 1."""
    await models.SavedView.change(caller, saved, name=name, place=place)


@rpc.public("tickets.write", kinds=PEOPLE_AND_TOKENS)
async def delete(caller: Caller, saved: UUID) -> None:
    """Forget a view. No ticket is changed."""
    await models.SavedView.forget(caller, saved)
