"""The ledger of erasures in the stores, brought into the control database: an older one of these knows less."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
import structlog

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.stores import stores
from seldesk.methods.control import purges
from seldesk.storage import Ledger

log = structlog.get_logger()
AT_ONCE = 1000


class Entry(msgspec.Struct, frozen=True):
    """An erasure, as the stores have it."""

    id: UUID
    kind: Literal["customer", "person"]
    customer: UUID
    erased_at: datetime
    person: UUID | None = None


async def take_in(app: Application) -> None:
    """All that any store says and the control database does not. Nothing is erased by that. StoreUnavailable when no
    store answers.
    """
    ledger, job = Ledger(stores(app.settings)), app.program(Kind.JOB)
    ids = sorted(await ledger.ids())
    for at in range(0, len(ids), AT_ONCE):
        for erasure in await job(purges.unknown, erasures=ids[at : at + AT_ONCE]):
            try:
                said = msgspec.json.decode(await ledger.entry(erasure), type=Entry)
            except msgspec.DecodeError as error:
                log.error("ledger.unreadable", erasure=str(erasure), error=str(error))
                continue
            await job(
                purges.enter,
                erasure=erasure,
                kind=said.kind,
                customer=said.customer,
                erased_at=said.erased_at,
                person=said.person,
            )
            log.warning("ledger.taken_in", erasure=str(erasure), kind=said.kind, customer=str(said.customer))
