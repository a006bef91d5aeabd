"""The ledger of what was erased, in ids that say nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.models import control as models
from seldesk.models.control.register import LONGEST


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """slug and state are the customer's, "" where its row is gone too. copies are those that may still hold what was
    erased.
    """

    id: UUID
    kind: str
    customer: UUID
    slug: str
    state: str
    erased_at: datetime
    copies: int

    @property
    def out_by(self) -> datetime:
        """From then on no copy holds it, whatever happens."""
        return self.erased_at + LONGEST


@dataclass(frozen=True, slots=True)
class Purging:
    """A customer that is being erased. step is the last one that was done, error why it stands still."""

    slug: str
    begun_at: datetime | None
    step: str
    error: str


@dataclass(frozen=True, slots=True)
class ErasuresPage:
    frame: Frame
    purging: list[Purging]
    items: list[ErasureLine]
    next: str | None
    previous: str | None


@rpc.public("console.clean_ups", kinds=(rpc.Kind.STAFF,), realm="control", reads=True)
async def page(caller: Caller, cursor: str | None = None) -> ErasuresPage:
    """All that the page of erasures shows, the newest first."""
    found = await models.Erasure.page(ErasureLine, cursor)
    return ErasuresPage(frame(caller), await models.Purge.under_way(Purging), found.items, found.next, found.previous)
