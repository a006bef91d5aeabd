"""How nothing is left of a customer, or of somebody there. The order is: said in both stores, said in the control
database, gone.
"""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from orm.provision import Provisioner
from rpc import Kind
from seldesk.app.build import Application, content_keys
from seldesk.app.keeping import drop_all_but_copies
from seldesk.app.stores import archive, stores
from seldesk.jobs.erasing import Entry
from seldesk.jobs.purge import Step
from seldesk.methods.control import moves, purges, restores
from seldesk.methods.control.purges import Purge
from seldesk.storage import Ledger


def steps(app: Application, makes: Callable[[str], Provisioner]) -> Sequence[Step]:
    """makes -- the provisioner of a cluster, by its name"""
    keys, held = content_keys(app.settings), archive(app.settings, deleting=True)
    control, ledger = app.program(Kind.JOB), Ledger(stores(app.settings))

    async def enter(purge: Purge) -> None:
        """First of all: what is gone must not come back out of an older copy."""
        said = {"id": purge.erasure, "kind": "customer", "customer": purge.customer, "erased_at": purge.since}
        await ledger.write(purge.erasure, msgspec.json.encode(said))
        await control(purges.record, erasure=purge.erasure, kind="customer", customer=purge.customer)

    async def drop(purge: Purge) -> None:
        """The database and all its roles, what a move has left elsewhere, and what stands on the side."""
        for left in await control(moves.former, customer=purge.customer):
            await makes(left.cluster).drop(left.database)
            await control(moves.dropped, cluster=left.cluster, database=left.database)
        for side in await control(restores.standing, customer=purge.customer):
            await makes(side.cluster).drop(side.database)
            await control(restores.close, restore=side.id)
            await control(restores.removed, restore=side.id)
        await makes(purge.cluster).drop(purge.database)

    async def destroy(purge: Purge) -> None:
        """Without its content key nothing that is sealed for it can be read, wherever it lies."""
        await keys.destroy(purge.customer)

    async def remove(purge: Purge) -> None:
        """What a copy names, and what opens the copies, goes with the last of them."""
        await drop_all_but_copies(app, held, purge.customer)

    return (("ledger", enter), ("database", drop), ("key", destroy), ("files", remove))


def entering(app: Application) -> Callable[[Entry], Awaitable[None]]:
    """The same for somebody inside a customer. No provisioner is needed for that."""
    control, ledger = app.program(Kind.JOB), Ledger(stores(app.settings))

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
