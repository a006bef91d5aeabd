"""Tags on all tickets at once."""

import builtins
from dataclasses import dataclass

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.panels import Panel, panel
from seldesk.methods.desk.shapes.words import Tag
from seldesk.models import desk as models

PEOPLE_AND_TOKENS = (rpc.Kind.PERSON, rpc.Kind.TOKEN)


@dataclass(frozen=True, slots=True)
class TagCount:
    """count is how many tickets have it."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class TagsPage:
    panel: Panel
    tags: builtins.list[TagCount]


@rpc.public("settings.tags", kinds=PEOPLE_AND_TOKENS, reads=True)
async def list(caller: Caller) -> builtins.list[TagCount]:
    """The tags that tickets have, the most used first, 500 at most."""
    return await models.tag.listed(TagCount)


@rpc.public("settings.tags", kinds=(rpc.Kind.PERSON,), reads=True)
async def page(caller: Caller) -> TagsPage:
    """All that the page of tags shows."""
    return TagsPage(panel(caller), await models.tag.listed(TagCount))


@rpc.public("settings.tags", kinds=PEOPLE_AND_TOKENS)
async def rename(caller: Caller, tag: Tag, name: Tag) -> int:
    """On every ticket. Where a ticket has both already, one stays. Answers on how many."""
    return await models.tag.replace(caller, tag, name)


@rpc.public("settings.tags", kinds=PEOPLE_AND_TOKENS)
async def remove(caller: Caller, tag: Tag) -> int:
    """From every ticket; answers from how many."""
    return await models.tag.replace(caller, tag, None)
