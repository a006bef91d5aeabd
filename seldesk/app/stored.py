"""Files and keys, held against the customers and against what their rows name. Nothing is removed here."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import rpc
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.reconcile import THERE, StillAtIt, tell
from seldesk.jobs.schedule import PutOff
from seldesk.methods.control import alerts, registry
from seldesk.methods.control.registry import Known
from seldesk.methods.desk import housekeeping
from seldesk.storage import Place, StoreUnavailable
from seldesk.storage.identities import SUFFIX

NAMED = 3  # of those that an alert is about
KEYS = {"": "content key", SUFFIX: "backup identity"}


class Stored:
    """The check. Made at the start: a store that is away later is not made anew, empty."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.stores = [Place.at(place) for place in app.settings.stores]
        self.keys = [Place.at(place) for place in app.settings.key_stores]

    async def check(self, still_at_it: StillAtIt) -> None:
        """As a job: tell of files and keys without a customer, of customers without theirs, and of what lies in one
        store only. While a store is away nothing can be said, and it is tried again.
        """
        await self.app.refresh()
        try:
            told = await self._look(still_at_it)
        except StoreUnavailable as error:
            raise PutOff(str(error)) from error
        await tell(self.app, "objects", told)

    async def _look(self, still_at_it: StillAtIt) -> list[alerts.Found]:
        # What lies there first: whose it is may be read afterwards, of those too that are made meanwhile.
        folders = {folder for store in self.stores for folder in await store.folders()}
        keys = [await _names(place) for place in self.keys]
        known = [one for one in await self.app.program(Kind.JOB)(registry.known) if not one.former]
        told = [*await _nobodys(self.stores, folders, known), *_keys(keys, known)]
        for one in known:
            if one.state in THERE and not one.busy:
                await still_at_it()
                told += await _files(self.app, one)
        return told


async def _names(place: Place) -> set[str]:
    return {path.partition("/")[0] async for path, _ in place.list("")}


async def _nobodys(stores: Sequence[Place], folders: Iterable[str], known: Iterable[Known]) -> list[alerts.Found]:
    """A folder that is not named after anybody is not a customer's: the ledger's, say."""
    strangers = {folder for folder in folders if _is_id(folder)} - {str(one.customer) for one in known}
    told = []
    for folder in sorted(strangers):
        number = sum([1 async for _ in stores[0].list(folder)]) or sum([1 async for _ in stores[-1].list(folder)])
        if number:
            told.append(alerts.Found(f"files of {folder}", f"{number} files without a customer"))
    return told


def _keys(places: Sequence[set[str]], known: Iterable[Known]) -> list[alerts.Found]:
    customers = {str(one.customer): one for one in known}
    told = []
    for name in sorted(set().union(*places)):
        if name.removesuffix(SUFFIX) not in customers:
            told.append(alerts.Found(f"key of {name}", "a key without a customer"))
        elif not all(name in place for place in places):
            told.append(alerts.Found(f"key of {name}", "lies in one place only"))
    for customer, one in customers.items():
        if one.state in THERE and not one.busy:
            lacking = [words for suffix, words in KEYS.items() if not any(customer + suffix in at for at in places)]
            told += [alerts.Found(f"key of {customer}", f"a customer without a {words}") for words in lacking]
    return told


async def _files(app: Application, one: Known) -> list[alerts.Found]:
    subject = f"files of {one.customer}"
    # Looked at twice: between two stores a file may just be on its way.
    alone = _alone(await app.storage.copies(one.customer))
    if alone:
        alone &= _alone(await app.storage.copies(one.customer))
    told = [alerts.Found(subject, f"in one store only: {_some(alone)}")] if alone else []
    entry = app.directory.with_id(one.customer)
    if entry is None:
        return told
    try:
        lost = await app.program(Kind.JOB, entry.customer.slug)(housekeeping.lost)
    except rpc.Error as error:
        return [*told, alerts.Found(subject, f"cannot be looked at: {error.code}")]
    return [*told, alerts.Found(subject, f"named and in no store: {_some(lost)}")] if lost else told


def _alone(copies: Sequence[set[UUID]]) -> set[UUID]:
    everywhere = copies[0].intersection(*copies[1:])
    return {one for copy in copies for one in copy} - everywhere


def _some(ids: Iterable[UUID]) -> str:
    found = sorted(map(str, ids))
    return f"{len(found)}, such as {', '.join(found[:NAMED])}"


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
