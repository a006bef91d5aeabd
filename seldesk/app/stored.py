"""Files and keys, held against the customers, what their rows name, and themselves. Nothing is removed here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import rpc
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.reconcile import THERE, StillAtIt
from seldesk.app.stores import stores
from seldesk.app.telling import tell
from seldesk.jobs.schedule import PutOff
from seldesk.methods.control import alerts, registry
from seldesk.methods.control.registry import Known
from seldesk.methods.desk import housekeeping
from seldesk.storage import Files, Place, StoreUnavailable
from seldesk.storage.files import SAID as HARM
from seldesk.storage.identities import SUFFIX

NAMED = 3  # of those that an alert is about
# Within so many each file is read once; one night may be missed, and it is still done within a month.
NIGHTS = 14
KEYS = {"": "content key", SUFFIX: "backup identity"}


class Stored:
    """The check."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.stores = stores(app.settings)
        self.keys = [Place.at(place) for place in app.settings.key_stores]

    async def check(self, still_at_it: StillAtIt) -> None:
        """As a job: tell of files and keys without a customer, of customers without theirs, and of files that are not
        what was stored, by kind. While a store is away nothing can be said, and it is tried again.
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
                told += [*await self._files(one.customer, still_at_it), *await _lost(self.app, one)]
        return told

    async def _files(self, customer: UUID, still_at_it: StillAtIt) -> list[alerts.Found]:
        night = self.app.clock.now().toordinal() % NIGHTS
        harmed = defaultdict[tuple[int, str, bool], list[str]](list)
        async for one in Files(self.stores, still_at_it).check(customer, lambda file: file.int % NIGHTS == night):
            harmed[one.store, HARM[one.kind], one.mended].append(one.name)
        return [
            alerts.Found(
                f"{self.app.settings.stores[store]}: files of {customer}",
                f"{said}: {_some(names)}" + ("; put back from another store" if mended else ""),
            )
            for (store, said, mended), names in harmed.items()
        ]


async def _names(place: Place) -> set[str]:
    return {path.partition("/")[0] async for path, _ in place.list("")}


async def _nobodys(places: Sequence[Place], folders: Iterable[str], known: Iterable[Known]) -> list[alerts.Found]:
    """A folder that is not named after anybody is not a customer's: the ledger's, say."""
    strangers = {folder for folder in folders if _is_id(folder)} - {str(one.customer) for one in known}
    told = []
    for folder in sorted(strangers):
        number = sum([1 async for _ in places[0].list(folder)]) or sum([1 async for _ in places[-1].list(folder)])
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


async def _lost(app: Application, one: Known) -> list[alerts.Found]:
    subject, entry = f"files of {one.customer}", app.directory.with_id(one.customer)
    if entry is None:
        return []
    try:
        lost = await app.program(Kind.JOB, entry.customer.slug)(housekeeping.lost)
    except rpc.Error as error:
        return [alerts.Found(subject, f"cannot be looked at: {error.code}")]
    return [alerts.Found(subject, f"named and in no store: {_some(map(str, lost))}")] if lost else []


def _some(names: Iterable[str]) -> str:
    found = sorted(names)
    return f"{len(found)}, such as {', '.join(found[:NAMED])}"


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
