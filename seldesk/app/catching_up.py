"""What a control database that came back from a copy knows nothing of, and what stores and customers say of it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

import rpc
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.reconcile import THERE
from seldesk.app.stores import manifest_public, stores
from seldesk.methods.control import keeping, registry
from seldesk.methods.control.keeping import Lying
from seldesk.methods.desk import audits
from seldesk.methods.desk.audits import Decided
from seldesk.storage import Archive, Manifest, StorageError, StoreUnavailable
from seldesk.storage.archive import FOLDER, path

log = structlog.get_logger()
AT_ONCE = 8
# What stands in the control database alone, by the entry of the customer's own audit.
LOST = {
    "account.pause": "paused by an owner",
    "account.resume": "opened again by an owner",
    "account.terminate": "closed by an owner",
    "account.take_back": "not closed after all, an owner says",
    "contact_person.choose": "another primary address",
    "plans.choose": "another plan, chosen by an owner",
    "operator.suspend": "suspended by the operator",
    "operator.reactivate": "opened again by the operator",
    "operator.terminate": "closed by the operator",
    "operator.plan": "another plan, given by the operator",
    "staff_access.turn_on": "staff let in by an owner",
    "staff_access.turn_off": "staff kept out by an owner",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """What a customer's own audit says that was done with it since, each of LOST; None where it does not answer."""

    slug: str
    decided: list[Decided] | None


async def changed_since(app: Application, since: datetime) -> list[Changed]:
    """Of all customers with data, those with whom anything was done, and those who do not answer."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(customer: UUID) -> Changed | None:
        entry, call = app.directory.with_id(customer), app.job(customer)
        if entry is None or call is None:
            return None
        async with turns:
            try:
                decided = await call(audits.decided, since=since)
            except rpc.Error as error:
                log.warning("recover.not_asked", customer=entry.customer.slug, code=error.code)
                return Changed(entry.customer.slug, None)
        lost = [one for one in decided if one.method in LOST]
        return Changed(entry.customer.slug, lost) if lost else None

    await app.refresh()
    known = await app.program(Kind.JOB)(registry.known)
    there = [one.customer for one in known if one.state in THERE and not one.former]
    found = await asyncio.gather(*(ask(customer) for customer in there))
    return sorted((one for one in found if one), key=lambda one: one.slug)


async def adopt_copies(app: Application, since: datetime) -> int:
    """Those made since come into the catalogue again, from what is signed and lies there; how many. One that not every
    store has does not count as good. All of it is read in the night.
    """
    job, adopted = app.program(Kind.JOB), 0
    async for customer, copies in _unlisted(app):
        sizes = {
            place: await _sizes(place, customer) for place in {one for places in copies.values() for one in places}
        }
        there = {copy: {place: sizes[place] for place in places} for copy, places in copies.items()}
        found = [one for copy, places in there.items() if (one := await _lying(app, places, customer, copy, since))]
        if found:
            adopted += await job(keeping.adopt, customer=customer, copies=found)
    return adopted


async def _unlisted(app: Application) -> AsyncIterator[tuple[UUID, dict[UUID, list[Archive]]]]:
    """Of each customer the copies that no catalogue has, and the stores that have their manifests."""
    lying, public = dict[UUID, dict[UUID, list[Archive]]](), manifest_public(app.settings)
    for place in stores(app.settings):
        store = Archive([place], public)
        try:
            async for _, customer, copy in store.manifests():
                lying.setdefault(customer, {}).setdefault(copy, []).append(store)
        except StoreUnavailable as error:
            log.warning("recover.store_away", error=str(error))
    for customer, copies in lying.items():
        listed = {one.copy for one in await app.program(Kind.JOB)(keeping.listed, customer=customer)}
        if unlisted := {copy: places for copy, places in copies.items() if copy not in listed}:
            yield customer, unlisted


async def _lying(
    app: Application, places: Mapping[Archive, Mapping[str, int]], customer: UUID, copy: UUID, since: datetime
) -> Lying | None:
    """None for an older one, which was dropped, and for what was not signed here. places -- and what each has of it"""
    found = [one for place, sizes in places.items() if (one := await _manifest(place, sizes, customer, copy))]
    if not found or found[0].snapshot_at <= since:
        return None
    one, replicas = found[0], len(found)
    return Lying(
        id=copy,
        kind=one.kind,
        cluster=one.cluster,
        snapshot_at=one.snapshot_at,
        size=one.size,
        sha256=bytes.fromhex(one.sha256),
        revision=one.revision,
        postgresql=one.postgresql,
        replicas=replicas,
        whole=replicas == len(app.settings.stores),
    )


async def _sizes(place: Archive, customer: UUID) -> Mapping[str, int]:
    """Path -> bytes; nothing where the store does not answer."""
    try:
        return await place.stores[0].sizes(f"{FOLDER}/{customer}")
    except StorageError as error:
        log.error("recover.store", customer=str(customer), error=str(error))
        return {}


async def _manifest(place: Archive, sizes: Mapping[str, int], customer: UUID, copy: UUID) -> Manifest | None:
    """None too where the object beside it is not as large as it says."""
    try:
        manifest = await place.manifest(customer, copy)
    except StorageError as error:
        log.error("recover.manifest", customer=str(customer), copy=str(copy), error=str(error))
        return None
    return manifest if sizes.get(path(customer, copy)) == manifest.size else None
