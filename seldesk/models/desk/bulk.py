from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Self
from uuid import UUID

import orm
import rpc
from seldesk.caller import Caller
from seldesk.models.desk import notification
from seldesk.models.desk.change import Change, person_before, put_back, state
from seldesk.models.desk.event import Event
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket
from seldesk.surroundings import surroundings

KEPT = timedelta(days=7)
CHANGED_SINCE = "It was changed again since."
MISSING = ("missing", "There is no such ticket.")


class Bulk(orm.Model, table="bulks", schema="app"):
    """One change of many tickets, what became of each, and the way back."""

    id: orm.Column[UUID] = orm.key()
    person_id: orm.Column[UUID] = orm.reference("app.people.id")
    # The bulk that this one took back.
    undoes: orm.Column[UUID | None] = orm.identifier(optional=True, unique=True)
    results: orm.Column[list[dict[str, Any]]] = orm.json()
    created_at: orm.Column[datetime] = orm.time()

    indexes = (orm.index("bulks_created", "created_at"),)

    @classmethod
    async def change(cls, caller: Caller, numbers: Sequence[int], change: Change) -> Self:
        bulk = cls._begin(caller)
        acting = replace(caller, bulk=bulk.id)
        found = {one.number: one for one in await Ticket.locked_many(caller, Ticket.number.in_(numbers))}
        names = await change.names([*found.values()])
        had = {ticket.id: ticket.assignee_id for ticket in found.values()}
        results = []
        for number in dict.fromkeys(numbers):
            try:
                if number not in found:
                    outcome = MISSING
                else:
                    changed = await change.apply(acting, found[number], names)
                    outcome = ("changed" if changed else "unchanged", "")
            except rpc.Conflict as error:
                outcome = ("refused", str(error))
            results.append(_result(number, *outcome))
        bulk.results = results
        await notification.assigned(caller, [one for one in found.values() if one.assignee_id != had[one.id]])
        return bulk

    @classmethod
    async def undo(cls, caller: Caller, id: UUID) -> Self:
        """Put back what one's own bulk changed and nobody has changed since. Asked twice, it is done once."""
        asked = await cls.where(cls.id == id, cls.person_id == caller.id).lock().one()
        done = await cls.where(cls.undoes == id).first()
        if done is not None:
            return done
        bulk = cls._begin(caller, undoes=id)
        acting = replace(caller, bulk=bulk.id)
        events = sorted(await Event.of_bulk(id), key=attrgetter("ticket_id"))
        found = {one.id: one for one in await Ticket.locked_many(caller, Ticket.id.in_({e.ticket_id for e in events}))}
        people = [*map(person_before, events), *(ticket.assignee_id for ticket in found.values())]
        names = await Person.names(people) if any(people) else {}
        results = []
        for ticket_id, its in groupby(events, attrgetter("ticket_id")):
            if (ticket := found.get(ticket_id)) is None:
                continue
            before = state(ticket)
            back = [put_back(acting, ticket, event, names) for event in reversed([*its])]
            whole = all(back)
            outcome = "changed" if state(ticket) != before else "unchanged" if whole else "refused"
            results.append(_result(ticket.number, outcome, "" if whole else CHANGED_SINCE))
        # Those that a limited agent gave away are not theirs to take back.
        left = {one["number"] for one in asked.results if one["outcome"] == "changed"}
        results += [_result(number, *MISSING) for number in left - {one["number"] for one in results}]
        bulk.results = sorted(results, key=lambda result: result["number"])
        return bulk

    @classmethod
    async def of(cls, caller: Caller, id: UUID) -> Self | None:
        """One's own; None when it is not known any more."""
        return await cls.where(cls.id == id, cls.person_id == caller.id).first()

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.created_at < surroundings().now - KEPT).delete()

    @classmethod
    def _begin(cls, caller: Caller, undoes: UUID | None = None) -> Self:
        return cls.add(person_id=caller.id, undoes=undoes, results=[], created_at=surroundings().now)


def _result(number: int, outcome: str, reason: str) -> dict[str, Any]:
    return {"number": number, "outcome": outcome, "reason": reason}
