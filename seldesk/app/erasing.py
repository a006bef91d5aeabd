"""How nothing is left of a customer. The order is: said in both stores, gone, said again."""

from collections.abc import Sequence

import msgspec

from orm.provision import Provisioner
from rpc import Kind
from seldesk.app.build import Application
from seldesk.jobs.purge import Step
from seldesk.methods.control import purges
from seldesk.methods.control.purges import Purge
from seldesk.storage import ContentKeys, Ledger, Place


def steps(app: Application, makes: Provisioner, keys: ContentKeys) -> Sequence[Step]:
    control, ledger = app.program(Kind.JOB), Ledger([Place.at(place) for place in app.settings.stores])

    async def enter(purge: Purge) -> None:
        """First of all: what is gone must not come back out of an older copy."""
        said = {"id": purge.erasure, "kind": "customer", "customer": purge.customer, "erased_at": purge.since}
        await ledger.write(purge.erasure, msgspec.json.encode(said))
        await control(purges.record, erasure=purge.erasure, kind="customer", customer=purge.customer)

    async def drop(purge: Purge) -> None:
        """The database and all its roles."""
        await makes.drop(purge.database)

    async def destroy(purge: Purge) -> None:
        """Without its content key nothing that is sealed for it can be read, wherever it lies."""
        await keys.destroy(purge.customer)

    async def remove(purge: Purge) -> None:
        await app.storage.forget(purge.customer)

    return (("ledger", enter), ("database", drop), ("key", destroy), ("files", remove))
