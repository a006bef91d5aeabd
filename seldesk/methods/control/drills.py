"""The test of the control database's own copies, which no customer's lease is needed for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.surroundings import OPERATOR, surroundings

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Own:
    """The newest good copy."""

    copy: UUID
    snapshot_at: datetime


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def own(caller: Caller) -> Own | None:
    newest = await models.Copy.newest(OPERATOR.id)
    return Own(newest.id, newest.snapshot_at or newest.began_at) if newest else None


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def proved(caller: Caller, copy: UUID, seconds: rpc.Int4) -> None:
    """All of it was found again in a database."""
    own_copy = models.Copy.where(models.Copy.id == copy, models.Copy.customer_id == OPERATOR.id)
    await own_copy.update(restored_at=surroundings().now, restore_seconds=seconds)
