"""How nothing is left of a customer, or of somebody there. The order is: said in both stores, said in the control
database, gone. What is said is signed, by the process that has the key.
"""

from collections.abc import Awaitable, Callable, Sequence

from orm.provision import Provisioner
from rpc import Kind
from seldesk.app.build import Application, content_keys
from seldesk.app.keeping import drop_all_but_copies
from seldesk.app.reconcile import StillAtIt
from seldesk.app.stores import archive, ledger, manifest_key
from seldesk.jobs.erasing import ErasingPeople
from seldesk.jobs.purge import Step
from seldesk.methods.control import moves, purges, sides
from seldesk.methods.control.purges import Purge
from seldesk.storage import Erasure


def steps(app: Application, makes: Callable[[str], Provisioner]) -> Sequence[Step]:
    """makes -- the provisioner of a cluster, by its name"""
    keys, held = content_keys(app.settings), archive(app.settings, deleting=True)
    control, enters = app.program(Kind.JOB), entering(app)

    async def enter(purge: Purge) -> None:
        """First of all: what is gone must not come back out of an older copy."""
        await enters(Erasure(purge.erasure, purge.customer, None, purge.since))

    async def drop(purge: Purge) -> None:
        """The database and all its roles, what a move has left elsewhere, and what stands on the side."""
        for left in await control(moves.former, customer=purge.customer):
            await makes(left.cluster).drop(left.database)
            await control(moves.dropped, cluster=left.cluster, database=left.database)
        for side in await control(sides.standing, customer=purge.customer):
            await makes(side.cluster).drop(side.database)
            await control(sides.close, side=side.id)
            await control(sides.removed, side=side.id)
        await makes(purge.cluster).drop(purge.database)

    async def destroy(purge: Purge) -> None:
        """Without its content key nothing that is sealed for it can be read, wherever it lies."""
        await keys.destroy(purge.customer)

    async def remove(purge: Purge) -> None:
        """What a copy names, and what opens the copies, goes with the last of them."""
        await drop_all_but_copies(app, held, purge.customer)

    return (("ledger", enter), ("database", drop), ("key", destroy), ("files", remove))


def entering(app: Application) -> Callable[[Erasure], Awaitable[None]]:
    """In every store, then in the control database. Needs the key that signs; SettingsError."""

    async def enter(one: Erasure) -> None:
        await ledger(app.settings).write(one, manifest_key(app.settings))
        control = app.program(Kind.JOB)
        await control(purges.record, erasure=one.id, kind=one.kind, customer=one.customer, person=one.person)

    return enter


async def erase_people(app: Application, still_at_it: StillAtIt) -> None:
    """As a job: those inside customers whose day has come."""
    await app.reading.changed()
    await ErasingPeople(app.program(Kind.JOB), app.job, entering(app)).people(still_at_it)
