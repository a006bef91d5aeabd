"""How nothing is left of a customer, or of somebody there. The order is: said in both stores, said in the control
database, gone.
"""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from orm.provision import Provisioner
from rpc import Kind
from seldesk.app.build import Application, backup_identities, content_keys
from seldesk.jobs.erasing import Entry
from seldesk.jobs.purge import Step
from seldesk.methods.control import moves, purges
from seldesk.methods.control.purges import Purge
from seldesk.storage import Ledger, Place


def steps(app: Application, makes: Callable[[str], Provisioner]) -> Sequence[Step]:
    """makes -- the provisioner of a cluster, by its name"""
    keys, identities = content_keys(app.settings), backup_identities(app.settings)
    control, ledger = app.program(Kind.JOB), Ledger([Place.at(place) for place in app.settings.stores])

    async def enter(purge: Purge) -> None:
        """First of all: what is gone must not come back out of an older copy."""
        said = {"id": purge.erasure, "kind": "customer", "customer": purge.customer, "erased_at": purge.since}
        await ledger.write(purge.erasure, msgspec.json.encode(said))
        await control(purges.record, erasure=purge.erasure, kind="customer", customer=purge.customer)

    async def drop(purge: Purge) -> None:
        """The database and all its roles, and what a move has left elsewhere."""
        for left in await control(moves.former, customer=purge.customer):
            await makes(left.cluster).drop(left.database)
            await control(moves.dropped, cluster=left.cluster, database=left.database)
        await makes(purge.cluster).drop(purge.database)

    async def destroy(purge: Purge) -> None:
        """Without its content key nothing that is sealed for it can be read, wherever it lies."""
        await keys.destroy(purge.customer)
        # Nothing is copied yet: no copy is left that this could open.
        await identities.destroy(purge.customer)

    async def remove(purge: Purge) -> None:
        await app.storage.forget(purge.customer)

    return (("ledger", enter), ("database", drop), ("key", destroy), ("files", remove))


def entering(app: Application) -> Callable[[Entry], Awaitable[None]]:
    """The same for somebody inside a customer. No provisioner is needed for that."""
    control, ledger = app.program(Kind.JOB), Ledger([Place.at(place) for place in app.settings.stores])

    async def enter(entry: Entry) -> None:
        said = {
            "id": entry.id,
            "kind": "person",
            "customer": entry.customer,
            "person": entry.person,
            "erased_at": entry.erased_at,
        }
        await ledger.write(entry.id, msgspec.json.encode(said))
        await control(purges.record, erasure=entry.id, kind="person", customer=entry.customer, person=entry.person)

    return enter
