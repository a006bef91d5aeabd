from datetime import datetime, timedelta
from uuid import UUID

import orm
from seldesk.surroundings import surroundings

# It is looked after once a day, and gone after seven at the latest.
KEPT = timedelta(days=6)


class Former(orm.Model, table="former_databases", schema="control"):
    """What a customer that moved has left behind: closed to everybody, and dropped within a week."""

    id: orm.Column[UUID] = orm.key()
    customer_id: orm.Column[UUID] = orm.reference("control.customers.id")
    cluster: orm.Column[str] = orm.text()
    database: orm.Column[str] = orm.text()
    until: orm.Column[datetime] = orm.time(index=True)

    indexes = (orm.unique("cluster", "database"),)

    @classmethod
    async def leave(cls, customer: UUID, cluster: str, database: str) -> None:
        place = {"customer_id": customer, "cluster": cluster, "database": database}
        until = surroundings().now + KEPT
        await orm.upsert(
            cls, {"id": orm.uuid7(), **place, "until": until}, on=("cluster", "database"), set={"until": until}
        )

    @classmethod
    async def over(cls) -> list["Former"]:
        return await cls.where(cls.until <= surroundings().now).order_by(cls.until).limit(100).all()

    @classmethod
    async def forget(cls, cluster: str, database: str) -> None:
        """It is dropped, or the customer has come back to where it was."""
        await cls.where(cls.cluster == cluster, cls.database == database).delete()
