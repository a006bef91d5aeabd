"""How much this customer keeps of what its plan has room for: files of messages, and mails as they came."""

from collections.abc import Sized
from typing import Any

import orm
import rpc
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.mail import Mail
from seldesk.models.desk.person import WORKERS, Person
from seldesk.offer import Plan
from seldesk.surroundings import surroundings


class StorageFull(rpc.Invalid):
    """There is no room for more files on this plan."""

    def __init__(self, plan: str, most: int) -> None:
        told = (
            f"No file can be added: the plan {plan} has room for {most / 2**30:g} GB of files and mails: it is full. "
            "Write without files, or ask an owner to choose a larger plan."
        )
        super().__init__(told, fields={"files": told})


class NoRoomOnPlan(rpc.Invalid):
    """What is there is more than this plan is for."""

    def __init__(self, told: str) -> None:
        super().__init__(told, fields={"plan": told})


def columns() -> dict[str, Any]:
    """Bytes, as two columns of one statement."""
    return {
        "files_bytes": Attachment.query().column(orm.coalesce(orm.total(Attachment.size), 0)),
        "mails_bytes": Mail.where(Mail.object_id.is_not(None)).column(orm.coalesce(orm.total(Mail.size), 0)),
    }


async def stored() -> int:
    """In bytes."""
    found = await orm.scalars(**columns())
    return int(found["files_bytes"]) + int(found["mails_bytes"])


async def room_for(files: Sized) -> None:
    """StorageFull when there is something to keep and no room. What mail brings is kept all the same: nothing that
    arrived is lost. Of several at once each sees what was there a moment before.
    """
    around, plan = surroundings(), surroundings().plan
    if not files or plan is None:
        return
    kept = around.rates.sums.known(around.customer.room, plan.storage_bytes, around.now)
    if kept is None:
        kept = await stored()
        around.rates.sums.note(around.customer.room, kept, around.now)
    if kept >= plan.storage_bytes:
        raise StorageFull(plan.name, plan.storage_bytes)


async def fits(plan: Plan) -> None:
    """NoRoomOnPlan when more people work here, or more is kept, than this plan is for."""
    if plan.agents and await _working().count_up_to(plan.agents + 1) > plan.agents:
        people = "person" if plan.agents == 1 else "people"
        raise NoRoomOnPlan(f"{plan.name} is for {plan.agents} {people} who work here: disable somebody first.")
    if (kept := await stored()) > plan.storage_bytes:
        most = f"{plan.storage_bytes / 2**30:g} GB"
        raise NoRoomOnPlan(f"{plan.name} has room for {most}, and {kept / 2**30:.1f} GB are kept here.")


def _working() -> "orm.Query[Person]":
    return Person.where(Person.role.in_(WORKERS), Person.disabled_at.is_(None))
