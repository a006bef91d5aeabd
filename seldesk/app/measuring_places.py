"""Asks clusters and stores how they are: by the provisioner's process, which has a way to each."""

import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

import orm
from orm.provision.facts import connections, disk_used, server_facts, standbys
from rpc import Kind
from seldesk.app.budget import Budget
from seldesk.app.build import Application
from seldesk.app.fleet import Cluster
from seldesk.app.installation import provisioner
from seldesk.app.regions import centre_of
from seldesk.methods.control import figures
from seldesk.methods.control.figures import MeasuredCluster, MeasuredStore, Server
from seldesk.storage import Archive, Place, StorageError

log = structlog.get_logger()


async def measure_places(app: Application, archive: Archive, still_at_it: Callable[[], Awaitable[None]]) -> None:
    """Each by itself: one that is away is written down as that."""
    await app.reading.clusters()
    clusters = []
    for name, where in app.fleet.all().items():
        await still_at_it()
        clusters.append(await _cluster(app, name, where))
    stores = []
    for number, (place, address) in enumerate(zip(archive.stores, app.settings.stores, strict=True), 1):
        await still_at_it()
        stores.append(await _store(number, place, address, centre_of(app.settings, number - 1)))
    for new in await app.program(Kind.JOB)(figures.put_places, clusters=clusters, stores=stores):
        log.error("alert", check=figures.CHECK, subject=new.subject, detail=new.detail)


async def _cluster(app: Application, name: str, where: Cluster) -> MeasuredCluster:
    makes = provisioner(app.settings, where)
    try:
        facts, following = await server_facts(makes.address), await standbys(makes.address)
        server = Server(
            version=facts.version,
            databases=len(await makes.databases()),
            needed=Budget.of(app.settings).needed(with_control=name == "main"),
            room=facts.max_connections - facts.reserved_connections,
            connected=await connections(makes.address),
            disk_bytes=await disk_used(makes.address),
            standbys=following.known,
            standbys_away=following.away,
            standby_bytes=following.behind,
        )
    except (orm.Error, OSError) as error:
        return MeasuredCluster(name, None, str(error))
    return MeasuredCluster(name, server)


async def _store(number: int, place: Place, address: str, centre: str) -> MeasuredStore:
    # What follows a question mark is where a bucket is reached, and nobody's business here.
    name, begun, error = address.partition("?")[0], time.monotonic(), ""
    if centre:
        name = f"{name} in {centre}"
    try:
        await place.reached()
    except StorageError as fault:
        error = str(fault) or type(fault).__name__
    milliseconds = round((time.monotonic() - begun) * 1000)
    return MeasuredStore(number, name, milliseconds, _free(address), error)


def _free(address: str) -> int | None:
    if "://" in address or not Path(address).exists():
        return None
    return shutil.disk_usage(address).free
