"""The ledger of erasures in the stores, brought into the control database: an older one of these knows less."""

import structlog

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.stores import ledger
from seldesk.app.telling import tell
from seldesk.methods.control import purges
from seldesk.methods.control.alerts import Found
from seldesk.storage import Erasure

log = structlog.get_logger()
CHECK = "ledger"
FORGED = "forged: it was not signed here, and nobody is erased by it"
AT_ONCE = 1000
# Of names that a stranger chose, and as long as a store takes them.
MOST_TOLD, LONGEST = 20, 500


async def take_in(app: Application) -> list[Found]:
    """All that any store says and the control database does not. Nothing is erased by that. Answers, and tells as an
    alert, what was not signed here, which is passed over. StoreUnavailable when no store answers.
    """
    said = await ledger(app.settings).read()
    ids = sorted(said.entries)
    for at in range(0, len(ids), AT_ONCE):
        for erasure in await app.program(Kind.JOB)(purges.unknown, erasures=ids[at : at + AT_ONCE]):
            await _enter(app, said.entries[erasure])
    places = app.settings.stores
    told = [Found(f"{places[store]}: {name}"[:LONGEST], FORGED) for store, name in said.forged[:MOST_TOLD]]
    await tell(app, CHECK, told)
    return told


async def _enter(app: Application, one: Erasure) -> None:
    await app.program(Kind.JOB)(
        purges.enter,
        erasure=one.id,
        kind=one.kind,
        customer=one.customer,
        erased_at=one.erased_at,
        person=one.person,
    )
    log.warning("ledger.taken_in", erasure=str(one.id), kind=one.kind, customer=str(one.customer))
