"""Removes the copies that are kept no longer: from the stores first, then from the catalogue."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import structlog

import rpc
from seldesk.methods.control import keeping
from seldesk.methods.control.alerts import Found
from seldesk.storage import Archive, StorageError, StoreUnavailable

log = structlog.get_logger()
CHECK = "keeping"
StillAtIt = Callable[[], Awaitable[None]]
Tell = Callable[[str, Sequence[Found]], Awaitable[None]]
End = Callable[[UUID], Awaitable[None]]


async def keep(control: rpc.Call, archive: Archive, end: End, tell: Tell, still_at_it: StillAtIt) -> None:
    """Customer after customer. Nothing goes while a store is away: of what is left there, nobody would know.

    end -- takes away what opens the copies of a customer who has none any more
    """
    told: list[Found] = []
    try:
        for store in archive.stores:
            await store.reached()
        for customer in await control(keeping.customers):
            await still_at_it()
            late = await _kept(control, archive, end, customer)
            if late:
                told.append(Found(str(customer), f"{late} copies are older than 90 days, and none is newer"))
    except StoreUnavailable as error:
        told.append(Found("stores", f"No copy is dropped: {error}"))
    await tell(CHECK, told)


async def _kept(control: rpc.Call, archive: Archive, end: End, customer: UUID) -> int:
    choice = await control(keeping.choose, customer=customer)
    if choice.dropped and choice.newest is not None:
        # A store without it is not the one that it should be: an empty disk, say, where another was mounted.
        for store in range(len(archive.stores)):
            try:
                _ = await archive.manifest(customer, choice.newest, store)
            except StorageError as error:
                raise StoreUnavailable(f"store {store + 1} lacks {choice.newest}: {error}") from error
    for copy in choice.dropped:
        await archive.delete(customer, copy)
        log.info("copy.dropped", customer=str(customer), copy=str(copy))
    if choice.ends:
        # Before the catalogue forgets it: whoever dies here finds it again.
        await end(customer)
        log.info("copies.ended", customer=str(customer))
    if choice.dropped:
        await control(keeping.forget, customer=customer, copies=choice.dropped)
    return choice.late
