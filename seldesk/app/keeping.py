"""The provisioner's work with the copies that are there: dropping, ending, looking."""

from contextlib import suppress
from datetime import datetime
from functools import partial
from uuid import UUID

from rpc import Kind
from seldesk.app.build import Application, backup_identities
from seldesk.app.reconcile import StillAtIt
from seldesk.app.telling import tell
from seldesk.jobs.checking import Check
from seldesk.jobs.keeping import keep
from seldesk.methods.control import keeping, purges
from seldesk.storage import Archive, Damaged, Forged, Ledger, Missing, Storage, StoreUnavailable
from seldesk.surroundings import OPERATOR


async def keep_copies(app: Application, held: Archive, still_at_it: StillAtIt) -> None:
    """As a job: what is kept no longer is removed, and what the ledger says of what no copy holds any more."""
    await keep(app.program(Kind.JOB), held, partial(end_copies, app, held), partial(tell, app), still_at_it)
    # While a store is away it may hold an older copy, which has been told of.
    with suppress(StoreUnavailable):
        await end_entries(app, held, still_at_it)


async def end_entries(app: Application, held: Archive, still_at_it: StillAtIt) -> None:
    """An entry ends when no copy is older than it: what no catalogue lists, and lies in a store, is a copy too."""
    control, ledger = app.program(Kind.JOB), Ledger(held.stores, held.public)
    for entry in await control(purges.over):
        await still_at_it()
        if any([await _lies_older(held, whose, entry.erased_at) for whose in (entry.customer, OPERATOR.id)]):
            continue
        await ledger.end(entry.id)
        await control(purges.forget, erasure=entry.id)


async def _lies_older(held: Archive, customer: UUID, than: datetime) -> bool:
    """Whether any store has a copy of before this moment, or one that nothing can be said of."""
    async for store, _, copy in held.manifests(customer):
        try:
            if (await held.manifest(customer, copy, store)).snapshot_at <= than:
                return True
        except Missing:
            continue
        except (Damaged, Forged):
            return True
    return False


async def end_copies(app: Application, held: Archive, customer: UUID) -> None:
    """The last copy is gone: nothing opens anything of this customer any more, and nothing of it lies anywhere."""
    await backup_identities(app.settings).destroy(customer)
    await held.forget(customer)
    await Storage(held.stores, app.keys).forget(customer)


async def drop_all_but_copies(app: Application, held: Archive, customer: UUID) -> None:
    """Of a customer that is being erased: files stay that a copy names, and the key that opens the copies. Both end
    with the last one, at once where there is none.
    """
    control = app.program(Kind.JOB)
    choice = await control(keeping.choose, customer=customer)
    for copy in choice.dropped:
        await held.delete(customer, copy)
    if choice.ends:
        await end_copies(app, held, customer)
    else:
        files = Storage(held.stores, app.keys)
        lying = await files.list(customer)
        await files.forget(customer, spared=await app.named(customer, lying))
    if choice.dropped:
        await control(keeping.forget, customer=customer, copies=choice.dropped)


async def check_copies(app: Application, held: Archive, still_at_it: StillAtIt) -> None:
    """As a job, every night: what lies in the stores is what the catalogue says."""
    known = await app.program(Kind.JOB)(keeping.customers)
    check = Check(app.program(Kind.JOB), held, app.settings.stores, partial(tell, app), still_at_it)
    await check.run(known)
