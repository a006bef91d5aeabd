"""What was measured of customers, clusters and stores: sizes, times and counts, never content."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orm
from seldesk.surroundings import surroundings


class CustomerFigures(orm.Model, table="customer_figures", schema="control"):
    """How one customer's database and mail were when they were last asked. Counts of people and mails of the last
    seven days, where no other time is said.
    """

    customer_id: orm.Column[UUID] = orm.reference("control.customers.id", primary=True, delete="cascade")
    measured_at: orm.Column[datetime] = orm.time()
    # Why it could not be asked just then; what is known is older then.
    error: orm.Column[str] = orm.text(default="")
    database_bytes: orm.Column[int] = orm.big(default=0)
    # Files and mails that it keeps, as its plan counts them, and of how many percent of that its owners were told.
    stored_bytes: orm.Column[int] = orm.big(default=0)
    told_percent: orm.Column[int] = orm.integer(default=0)
    agents: orm.Column[int] = orm.integer(default=0)
    mailboxes: orm.Column[int] = orm.integer(default=0)
    # Mailboxes with mails that could not be read, and how many mails.
    failing: orm.Column[int] = orm.integer(default=0)
    unread: orm.Column[int] = orm.integer(default=0)
    received_at: orm.Column[datetime | None] = orm.time(optional=True)
    # Mails that are due and have not left, since when, and how many of them the relay has refused before.
    waiting: orm.Column[int] = orm.integer(default=0)
    waiting_since: orm.Column[datetime | None] = orm.time(optional=True)
    refused: orm.Column[int] = orm.integer(default=0)
    # Given up.
    failed: orm.Column[int] = orm.integer(default=0)
    # Addresses whose mail came back.
    bounced: orm.Column[int] = orm.integer(default=0)

    @classmethod
    async def put(cls, customer: UUID, measured: Mapping[str, Any], error: str) -> None:
        """Of one that could not be asked, what was measured before stays."""
        known = {"measured_at": surroundings().now, "error": error, **measured}
        await orm.upsert(cls, {"customer_id": customer, **_zeros(cls), **known}, on=("customer_id",), set=known)

    @classmethod
    async def forget(cls, customer: UUID) -> None:
        await cls.where(cls.customer_id == customer).delete()


class ClusterFigures(orm.Model, table="cluster_figures", schema="control"):
    """How a cluster was when it was last asked. Connections: what all processes may need, what there is room for, and
    how many there were just then.
    """

    name: orm.Column[str] = orm.text(primary=True)
    measured_at: orm.Column[datetime] = orm.time()
    error: orm.Column[str] = orm.text(default="")
    version: orm.Column[str] = orm.text(default="")
    databases: orm.Column[int] = orm.integer(default=0)
    needed: orm.Column[int] = orm.integer(default=0)
    room: orm.Column[int] = orm.integer(default=0)
    connected: orm.Column[int] = orm.integer(default=0)
    disk_bytes: orm.Column[int] = orm.big(default=0)
    # Servers that follow this one, those of them that are not connected, and by how much log the worst is behind.
    standbys: orm.Column[int] = orm.integer(default=0)
    standbys_away: orm.Column[int] = orm.integer(default=0)
    standby_bytes: orm.Column[int] = orm.big(default=0)

    @classmethod
    async def put(cls, name: str, measured: Mapping[str, Any], error: str) -> None:
        known = {"measured_at": surroundings().now, "error": error, **measured}
        await orm.upsert(cls, {"name": name, **_zeros(cls), **known}, on=("name",), set=known)

    @classmethod
    async def keep(cls, names: Collection[str]) -> None:
        """Nothing of clusters that are not there any more."""
        await cls.where(cls.name.not_in(list(names))).delete()


class StoreFigures(orm.Model, table="store_figures", schema="control"):
    """Whether a store answered when it was last asked, and after how many milliseconds."""

    number: orm.Column[int] = orm.integer(primary=True)
    name: orm.Column[str] = orm.text()
    measured_at: orm.Column[datetime] = orm.time()
    error: orm.Column[str] = orm.text(default="")
    milliseconds: orm.Column[int] = orm.integer(default=0)
    # Of a folder's disk; None where nobody can say.
    free_bytes: orm.Column[int | None] = orm.big(optional=True)
    answered_at: orm.Column[datetime | None] = orm.time(optional=True)

    @classmethod
    async def put(cls, number: int, name: str, milliseconds: int, free_bytes: int | None, error: str) -> None:
        now = surroundings().now
        known: dict[str, Any] = {"name": name, "measured_at": now, "error": error, "milliseconds": milliseconds}
        known["free_bytes"] = free_bytes
        if not error:
            known["answered_at"] = now
        await orm.upsert(cls, {"number": number, **known}, on=("number",), set=known)


def _zeros(model: type[orm.Model]) -> dict[str, Any]:
    """What stands in a row of which nothing was ever measured."""
    counted = {CustomerFigures: _OF_A_CUSTOMER, ClusterFigures: _OF_A_CLUSTER}[model]
    return dict.fromkeys(counted, 0) | ({"version": ""} if model is ClusterFigures else {})


_OF_A_CUSTOMER = (
    "database_bytes",
    "stored_bytes",
    "told_percent",
    "agents",
    "mailboxes",
    "failing",
    "unread",
    "waiting",
    "refused",
    "failed",
    "bounced",
)
_OF_A_CLUSTER = (
    "databases",
    "needed",
    "room",
    "connected",
    "disk_bytes",
    "standbys",
    "standbys_away",
    "standby_bytes",
)
