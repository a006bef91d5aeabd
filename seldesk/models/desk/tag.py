"""Tags: words on tickets, and nothing besides. A tag is there as long as a ticket has it."""

from typing import TypeVar

import orm
import rpc
from seldesk.caller import Caller
from seldesk.models.desk.event import Event
from seldesk.models.desk.ticket import Ticket

Shape = TypeVar("Shape")
MOST = 500
AT_ONCE = 5000
_CHUNK = 500


async def listed(shape: type[Shape]) -> list[Shape]:
    """The most used 500, each with how many tickets have it."""
    tag, count = orm.function("unnest", Ticket.tags), orm.count()
    return await Ticket.query().group_by(tag).order_by(count.desc(), tag).limit(MOST).into(shape, name=tag, count=count)


async def replace(caller: Caller, tag: str, by: str | None) -> int:
    """On every ticket, by another tag or by nothing; answers on how many. Each keeps its place in the queue."""
    having = Ticket.where(orm.any_of(Ticket.tags, tag))
    found = await having.count_up_to(AT_ONCE + 1)
    if not found:
        raise rpc.NotFound("No ticket has this tag.")
    if found > AT_ONCE:
        raise rpc.Conflict(f"More than {AT_ONCE:,} tickets have this tag. Ask us to change it.")
    if tag == by:
        return 0
    changed = 0
    while tickets := await having.order_by(Ticket.id).limit(_CHUNK).lock().all():
        for ticket in tickets:
            before = list(ticket.tags)
            renamed = [by if one == tag else one for one in before]
            after = list(dict.fromkeys(one for one in renamed if one is not None))
            Event.record(caller, ticket.id, "tags", {"tags": before}, {"tags": after})
            ticket.tags = after
        await orm.flush()
        changed += len(tickets)
    return changed
