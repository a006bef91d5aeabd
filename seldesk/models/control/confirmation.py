from datetime import datetime, timedelta
from typing import Literal

import orm
from seldesk.surroundings import surroundings

Mailed = Literal["confirmation", "link"]
# Anybody can ask for either, at as many helpdesks as there are, to have them mailed to somebody else.
MOST: dict[Mailed, int] = {"confirmation": 3, "link": 10}
SPAN = timedelta(hours=1)


class Confirmation(orm.Model, table="confirmations", schema="control"):
    """How many confirmations, or links, went to one address, over all customers, under a keyed hash of it."""

    key: orm.Column[bytes] = orm.binary(primary=True)
    count: orm.Column[int] = orm.integer()
    since: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.since < surroundings().now - SPAN).delete()

    @classmethod
    async def allow(cls, address: str, what: Mailed) -> bool:
        """Count one more; False when the hour is full."""
        around = surroundings()
        key, now = around.address_hash(address if what == "confirmation" else f"{what} {address}"), around.now
        over = cls.since <= now - SPAN
        row = await orm.upsert(
            cls,
            {"key": key, "count": 1, "since": now},
            on=("key",),
            set={
                "count": orm.case((over, 1), otherwise=cls.count + 1),
                "since": orm.case((over, now), otherwise=cls.since),
            },
            returning=(cls.count,),
        )
        return bool(row[0] <= MOST[what])
