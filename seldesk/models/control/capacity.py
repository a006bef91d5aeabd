"""How full the clusters are, and which of them a customer could move to."""

from typing import Any, TypeVar

import orm
from seldesk.models.control.cluster import Cluster
from seldesk.models.control.customer import Customer
from seldesk.models.control.figures import ClusterFigures, CustomerFigures, StoreFigures

Shape = TypeVar("Shape")
# What a customer that moves needs there: its own size, as much in the log, and what must be left.
GROWTH, LEFT = 2, 1_000_000_000
MOST = 500


async def clusters(shape: type[Shape]) -> list[Shape]:
    """All of them with what was measured of each."""
    await Cluster.known()
    there = Customer.where(Customer.cluster == Cluster.name, Customer.state != "purged")
    large = there.join(CustomerFigures, CustomerFigures.customer_id == Customer.id)
    listed = Cluster.query().join(ClusterFigures, ClusterFigures.name == Cluster.name, optional=True)
    figures = {
        name: orm.coalesce(getattr(ClusterFigures, name), 0)
        for name in ("databases", "needed", "room", "connected", "disk_bytes")
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


async def by_region(shape: type[Shape]) -> list[Shape]:
    """How many customers there are, by state and region."""
    grouped = Customer.where(Customer.state != "purged").group_by(Customer.region, Customer.state).limit(1000)
    return await grouped.into(shape, region=Customer.region, state=Customer.state, customers=orm.count())
