import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import orm
import rpc
from seldesk.models.control.customer import Customer
from seldesk.surroundings import surroundings

# The cluster of the settings, where the control database is too: host "" and port 0.
MAIN = "main"
ROOM = 5000


class ClusterKnown(rpc.Conflict):
    """There is a cluster of this name already. Choose a different one."""

    code = "cluster_known"


class NoRoom(rpc.Conflict):
    """No cluster there has room for one more customer. Add one: seldesk cluster add."""

    code = "no_room"


@dataclass(frozen=True, slots=True)
class _Used:
    cluster: str
    customers: int


class Cluster(orm.Model, table="clusters", schema="control"):
    """A PostgreSQL server with customers' databases. Where it is one machine alone, nobody need know of it."""

    name: orm.Column[str] = orm.text(primary=True)
    # "" takes customers of every region.
    data_centre: orm.Column[str] = orm.text(default="")
    host: orm.Column[str] = orm.text(default="")
    port: orm.Column[int] = orm.integer(default=0)
    # How many customers it is for.
    capacity: orm.Column[int] = orm.integer(default=ROOM)
    # How much its disk holds; 0 where nobody has said so.
    disk_gb: orm.Column[int] = orm.integer(default=0)
    # full takes no new customers; closed takes none that move either.
    state: orm.Column[str] = orm.choice("open", "full", "closed", default="open")
    created_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def introduce(cls, *, name: str, data_centre: str, host: str, port: int, capacity: int, disk_gb: int) -> Self:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", name):
            raise rpc.Invalid(fields={"name": "Up to 40 small letters, digits and hyphens, beginning with a letter."})
        await cls._ensure_main()
        cluster = cls.add(
            name=name,
            data_centre=data_centre,
            host=host,
            port=port,
            capacity=capacity,
            disk_gb=disk_gb,
            created_at=surroundings().now,
        )
        try:
            await orm.flush()
        except orm.Conflict:
            raise ClusterKnown from None
        return cluster

    @classmethod
    async def place(cls, data_centre: str) -> str:
        """The cluster for a new customer of this data centre: the one with the smallest share of its room in use."""
        await cls._ensure_main()
        # Two who are placed at once must not both be given the last room.
        await cls.where(cls.name == MAIN).lock().one()
        shares = {
            cluster.name: used / cluster.capacity
            for cluster, used in await cls.listed()
            if cluster.state == "open" and cluster.data_centre in (data_centre, "") and used < cluster.capacity
        }
        if not shares:
            raise NoRoom
        return min(shares, key=shares.__getitem__)

    @classmethod
    async def check_room(cls, name: str) -> Self:
        """The cluster, fit to take one more customer that moves there."""
        await cls._ensure_main()
        cluster = await cls.where(cls.name == name).first()
        if cluster is None:
            raise rpc.NotFound(f"There is no cluster {name}.")
        if cluster.state == "closed" or (await cls._used()).get(name, 0) >= cluster.capacity:
            raise NoRoom
        return cluster

    @classmethod
    async def listed(cls) -> list[tuple[Self, int]]:
        """All clusters, each with the number of its customers."""
        await cls._ensure_main()
        used = await cls._used()
        return [
            (cluster, used.get(cluster.name, 0)) for cluster in await cls.query().order_by(cls.name).limit(1000).all()
        ]

    @classmethod
    async def names(cls) -> list[str]:
        """Of those that there are, the one that nobody has named included."""
        found = await cls.query().order_by(cls.name).limit(500).all()
        return sorted({MAIN, *(cluster.name for cluster in found)})

    @classmethod
    async def named(cls, name: str) -> Self:
        await cls._ensure_main()
        return await cls.get(name)

    @classmethod
    async def known(cls) -> None:
        """Before they are read by others: the one that nobody has named stands there too."""
        await cls._ensure_main()

    @staticmethod
    async def _used() -> dict[str, int]:
        """Cluster -> number of customers."""
        counted = Customer.where(Customer.state != "purged").group_by(Customer.cluster).limit(1000)
        rows = await counted.into(_Used, cluster=Customer.cluster, customers=orm.count())
        return {row.cluster: row.customers for row in rows}

    @classmethod
    async def _ensure_main(cls) -> None:
        """The row of the cluster that is there without anybody's having said so."""
        place = {"name": MAIN, "data_centre": "", "host": "", "port": 0}
        room = {"capacity": ROOM, "disk_gb": 0, "state": "open"}
        await orm.insert_or_skip(cls, {**place, **room, "created_at": surroundings().now})
