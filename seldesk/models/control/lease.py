from datetime import datetime, timedelta

import orm
from seldesk.surroundings import surroundings


class Lease(orm.Model, table="leases", schema="control"):
    """Who does what only one process may do."""

    name: orm.Column[str] = orm.text(primary=True)
    holder: orm.Column[str] = orm.text()
    until: orm.Column[datetime] = orm.time()

    @classmethod
    async def hold(cls, name: str, holder: str, span: timedelta) -> bool:
        """Take it or keep it; False while another holds it."""
        now = surroundings().now
        await orm.insert_or_skip(cls, {"name": name, "holder": holder, "until": now + span})
        free = (cls.holder == holder) | (cls.until < now)
        return await cls.where(cls.name == name, free).update(holder=holder, until=now + span) == 1
