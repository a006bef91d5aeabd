"""What stands on the side of a customer: copies that have an address of their own for some days, or are tested."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.surroundings import surroundings

OPERATOR = (rpc.Kind.COMMAND,)
PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Side:
    """What the directory knows of a database on the side."""

    id: UUID
    customer: UUID
    slug: str
    database: str
    cluster: str
    writable: bool
    snapshot_at: datetime
    until: datetime | None
    drill: bool = False


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def leave(caller: Caller, slug: str) -> None:
    """What stands on the side at this address is not needed any more."""
    await left(caller, slug)


async def left(caller: Caller, slug: str) -> None:
    found = await models.Restore.where(models.Restore.slug == slug, models.Restore.state == "open").one()
    found.end("done")
    await models.Act.note(caller, await models.Customer.get(found.customer_id), "close-side", slug)
    await models.Customer.announce(found.customer_id)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def list(caller: Caller, customer: UUID | None = None) -> builtins.list[Side]:
    """All that are open, for the directory; or those of one customer."""
    found = models.Restore.where(models.Restore.state == "open")
    return await _sides(found if customer is None else found.where(models.Restore.customer_id == customer))


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def standing(caller: Caller, customer: UUID) -> builtins.list[Side]:
    """All that may lie on a cluster of this customer, open or not."""
    restore = models.Restore
    return await _sides(
        restore.where(restore.customer_id == customer, restore.database != "", restore.removed_at.is_(None))
    )


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def over(caller: Caller) -> builtins.list[Side]:
    """What stands on a cluster and may go, a hundred at a time."""
    return await _sides(models.Restore.over(), 100)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def close(caller: Caller, side: UUID) -> None:
    """Nobody comes in there any more; what is left of it is dropped."""
    found = await models.Restore.get(side)
    if found.state == "open":
        found.end("done")
        await models.Customer.announce(found.customer_id)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def removed(caller: Caller, side: UUID) -> None:
    """Nothing of it is left."""
    (await models.Restore.get(side)).removed_at = surroundings().now


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def made_anew(caller: Caller, databases: builtins.list[str]) -> builtins.list[str]:
    """Those of them of which nothing was left once: only a worker that slept over it can have made it again."""
    return await models.Restore.made_anew(databases)


async def _sides(restores: Any, most: int = 10_000) -> builtins.list[Side]:
    restore = models.Restore
    columns = {"id": restore.id, "customer": restore.customer_id, "slug": restore.slug, "database": restore.database}
    columns |= {"cluster": restore.cluster, "writable": restore.writable, "snapshot_at": restore.snapshot_at}
    found: builtins.list[Side] = await restores.limit(most).into(
        Side, **columns, until=restore.until, drill=restore.kind == "drill"
    )
    return found
