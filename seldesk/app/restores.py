"""The queue of restores: what the provisioner's process does of it, and in which order."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from uuid import UUID

from rpc import Kind
from seldesk.app.aside import aside
from seldesk.app.build import Application
from seldesk.app.replacing import replace
from seldesk.jobs.provision import Held, Provisioner
from seldesk.methods.control import restores
from seldesk.methods.control.leases import Operation
from seldesk.methods.control.restores import Restore

Act = Callable[[Application, Held, Restore], Awaitable[None]]
ACTS: Mapping[str, Act] = {"drill": aside, "aside": aside, "live": replace}


def restorer(app: Application) -> Provisioner:
    """Beside what else is done with customers, so that no restore waits for it. Needs the provisioner's key."""
    return _turns(app, drills=False)


def driller(app: Application) -> Provisioner:
    """The tests of copies, in a turn of their own: a restore does not wait until a large one is over."""
    return _turns(app, drills=True)


def _turns(app: Application, *, drills: bool) -> Provisioner:
    control = app.program(Kind.JOB)

    async def work(held: Held) -> None:
        await app.reading.changed()
        row = await held.control(restores.read, restore=UUID(held.claim.target))
        await ACTS[row.kind](app, held, row)

    works: dict[Operation, Callable[[Held], Awaitable[None]]] = {"restore": work, "drill": work}
    beat = app.settings.limits.lease_seconds / 4
    claim = partial(control, restores.claim, drills=drills)
    return Provisioner(control, works, beat=beat, claim=claim, at_once=1)
