"""Reads all that lies in the stores every night, and holds it against the catalogue and the manifests."""

from collections.abc import Awaitable, Sequence
from uuid import UUID

import rpc
from seldesk.jobs.keeping import StillAtIt, Tell
from seldesk.methods.control import keeping
from seldesk.methods.control.alerts import Found
from seldesk.methods.control.keeping import Listed
from seldesk.storage import (
    SAID,
    Archive,
    Damaged,
    Expected,
    Fault,
    Forged,
    Inspection,
    Missing,
    StoreUnavailable,
)

CHECK = "stores"
# Of one customer in one store: an empty store is told in a few lines.
MOST_TOLD = 20


class Check:
    """One night's. names are those of the stores, in their order."""

    def __init__(
        self, control: rpc.Call, archive: Archive, names: Sequence[str], tell: Tell, still_at_it: StillAtIt
    ) -> None:
        self._control, self._archive, self._names, self._tell = control, archive, names, tell
        self._stores = [Inspection(archive, store, self._known, still_at_it) for store in range(len(archive.stores))]
        self._away = set[int]()
        self._told: list[Found] = []

    async def run(self, known: Sequence[UUID]) -> None:
        """known -- all customers whose copies there may be"""
        for store in range(len(self._stores)):
            await self._from(store, self._foreign(store, known))
        for customer in known:
            await self._customer(customer)
        await self._tell(CHECK, self._told)

    async def _customer(self, customer: UUID) -> None:
        listed = await self._control(keeping.listed, customer=customer)
        for store in range(len(self._stores)):
            await self._from(store, self._strange(store, customer))
        verified = [one for one in listed if one.verified]
        for one in verified:
            await self._copy(customer, one)
        if verified:
            await self._files(customer, verified[0].copy)

    async def _copy(self, customer: UUID, one: Listed) -> None:
        expected, good, asked = Expected(customer, one.copy, one.size, one.sha256), 0, 0
        found: list[tuple[int, Fault]] = []
        for store in range(len(self._stores)):
            faults = await self._from(store, self._stores[store].replica(expected))
            if faults is not None:
                asked, good = asked + 1, good + (not faults)
                found += [(store, fault) for fault in faults]
        if found and one.copy not in await self._verified(customer):
            return  # it was dropped meanwhile
        for store, fault in found:
            self._say(store, fault)
        # Of a store that is away nothing new is known.
        if asked == len(self._stores):
            await self._control(keeping.seen, copy=one.copy, replicas=good, whole=not found)

    async def _files(self, customer: UUID, newest: UUID) -> None:
        try:
            named = (await self._archive.manifest(customer, newest)).objects
        except (Missing, Damaged, Forged, StoreUnavailable):
            return  # which is told already
        for store in range(len(self._stores)):
            faults = await self._from(store, self._stores[store].files(customer, named)) or []
            for fault in faults[:MOST_TOLD]:
                self._say(store, fault)

    async def _strange(self, store: int, customer: UUID) -> None:
        async def listed() -> set[UUID]:
            return {one.copy for one in await self._control(keeping.listed, customer=customer)}

        for fault in (await self._stores[store].unlisted(customer, listed))[:MOST_TOLD]:
            self._say(store, fault)

    async def _foreign(self, store: int, known: Sequence[UUID]) -> None:
        told, customers = 0, set(known)
        async for fault in self._stores[store].foreign(customers):
            self._say(store, fault)
            told += 1
            if told == MOST_TOLD:
                return

    async def _from(self, store: int, asked: Awaitable[list[Fault] | None]) -> list[Fault] | None:
        """What a store answers; None, and one line about it, while it is away."""
        try:
            return await asked
        except StoreUnavailable as error:
            if store not in self._away:
                self._away.add(store)
                self._told.append(Found(self._names[store], f"away: {error}"))
            return None

    async def _known(self, sha256: bytes) -> bool:
        return await self._control(keeping.known, sha256=sha256)

    async def _verified(self, customer: UUID) -> set[UUID]:
        return {one.copy for one in await self._control(keeping.listed, customer=customer) if one.verified}

    def _say(self, store: int, fault: Fault) -> None:
        self._told.append(Found(f"{self._names[store]}: {fault.path}", SAID[fault.kind]))
