"""How full the clusters are, and which of them a customer could move to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

import orm
from seldesk.models.control.cluster import Cluster
from seldesk.models.control.customer import Customer
from seldesk.models.control.figures import ClusterFigures, CustomerFigures, StoreFigures

Shape = TypeVar("Shape")
# What a customer that moves needs there: its own size, as much in the log, and what must be left.
GROWTH, LEFT = 2, 1_000_000_000
MOST = 500
CHECK = "places"
# A disk of which so much is used is to be made larger, or somebody is to move; and a store that has no more than this.
FULL, FREE = 0.9, 5_000_000_000
GIGABYTE = 1_000_000_000
# Log that a standby has still to write down: what would be lost with the server that it follows.
BEHIND = 100_000_000
STANDBYS = ("standbys", "standbys_away", "standby_bytes")


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    error: str
    disk_bytes: int
    disk_gb: int
    needed: int
    room: int
    standbys_away: int
    standby_bytes: int


@dataclass(frozen=True, slots=True)
class _Store:
    name: str
    error: str
    free_bytes: int | None


async def clusters(shape: type[Shape]) -> list[Shape]:
    """All of them with what was measured of each."""
    await Cluster.known()
    there = Customer.where(Customer.cluster == Cluster.name, Customer.state != "purged")
    large = there.join(CustomerFigures, CustomerFigures.customer_id == Customer.id)
    listed = Cluster.query().join(ClusterFigures, ClusterFigures.name == Cluster.name, optional=True)
    figures = {
        name: orm.coalesce(getattr(ClusterFigures, name), 0)
        for name in ("databases", "needed", "room", "connected", "disk_bytes", *STANDBYS)
    }
    columns: dict[str, Any] = {
        "name": Cluster.name,
        "data_centre": Cluster.data_centre,
        "host": Cluster.host,
        "port": Cluster.port,
        "state": Cluster.state,
        "capacity": Cluster.capacity,
        "disk_gb": Cluster.disk_gb,
        "customers": there.column(orm.count()),
        "bytes": large.column(orm.coalesce(orm.total(CustomerFigures.database_bytes), 0)),
        "measured_at": ClusterFigures.measured_at,
        "error": orm.coalesce(ClusterFigures.error, ""),
        "version": orm.coalesce(ClusterFigures.version, ""),
        **figures,
    }
    return await listed.order_by(Cluster.name).limit(MOST).into(shape, **columns)


async def stores(shape: type[Shape]) -> list[Shape]:
    store = StoreFigures
    columns = {name: getattr(store, name) for name in shape.__dataclass_fields__}  # type: ignore[attr-defined]
    return await store.query().order_by(store.number).limit(MOST).into(shape, **columns)


async def alarms() -> Iterator[tuple[str, str]]:
    """What is wrong with clusters and stores, as they were measured last: subject and detail of each alert."""
    figures, store = ClusterFigures, StoreFigures
    measured = figures.query().join(Cluster, Cluster.name == figures.name)
    names = ("name", "error", "disk_bytes", "needed", "room", "standbys_away", "standby_bytes")
    columns: dict[str, Any] = {name: getattr(figures, name) for name in names} | {"disk_gb": Cluster.disk_gb}
    clusters = await measured.order_by(figures.name).limit(MOST).into(_Place, **columns)
    stores = store.query().order_by(store.number).limit(MOST)
    free = await stores.into(_Store, name=store.name, error=store.error, free_bytes=store.free_bytes)
    return chain(_of_clusters(clusters), _of_stores(free))


def _of_clusters(clusters: Sequence[_Place]) -> Iterator[tuple[str, str]]:
    for one in clusters:
        if one.error:
            # What else is known of it is from before.
            yield one.name, "The cluster does not answer."
            continue
        if one.disk_gb and one.disk_bytes > FULL * one.disk_gb * GIGABYTE:
            yield one.name, f"More than {FULL:.0%} of its disk is used."
        if one.needed > one.room:
            yield one.name, "It has fewer connections than all processes may need."
        if one.standbys_away:
            yield one.name, "A standby does not follow it any more, and the log that waits for it fills the disk."
        elif one.standby_bytes > BEHIND:
            yield one.name, f"Its standby is more than {BEHIND // 1_000_000} MB of log behind."


async def following() -> dict[str, Any]:
    """Of all clusters: standbys that are not connected, and by how many bytes the worst is behind."""
    figures = ClusterFigures.query()
    return await orm.scalars(
        standbys_away=figures.column(orm.coalesce(orm.total(ClusterFigures.standbys_away), 0)),
        standby_bytes=figures.column(orm.coalesce(orm.maximum(ClusterFigures.standby_bytes), 0)),
    )


def _of_stores(stores: Sequence[_Store]) -> Iterator[tuple[str, str]]:
    for one in stores:
        if one.error:
            yield one.name, "The store does not answer: no copy counts until it does."
        elif one.free_bytes is not None and one.free_bytes < FREE:
            yield one.name, f"Less than {FREE // GIGABYTE} GB is free."


async def by_region(shape: type[Shape]) -> list[Shape]:
    """How many customers there are, by state and region."""
    grouped = Customer.where(Customer.state != "purged").group_by(Customer.region, Customer.state).limit(1000)
    return await grouped.into(shape, region=Customer.region, state=Customer.state, customers=orm.count())
