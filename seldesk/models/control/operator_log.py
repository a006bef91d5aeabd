from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import orm
from seldesk.surroundings import surroundings


class OperatorEntry(orm.Model, table="operator_log", schema="control"):
    """One act of the operator's people, without what it was about. Written once, never changed."""

    id: orm.Column[UUID] = orm.key()
    happened_at: orm.Column[datetime] = orm.time()
    kind: orm.Column[str] = orm.text()
    outcome: orm.Column[str] = orm.text()
    staff_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    customer_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    access_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    facts: orm.Column[dict[str, str | int | None]] = orm.json()

    @classmethod
    async def append(
        cls,
        kind: str,
        *,
        staff_id: UUID | None,
        customer_id: UUID | None,
        access_id: UUID | None,
        outcome: str,
        facts: Mapping[str, str | int | None],
    ) -> None:
        cls.add(
            happened_at=surroundings().now,
            kind=kind,
            outcome=outcome,
            staff_id=staff_id,
            customer_id=customer_id,
            access_id=access_id,
            facts=dict(facts),
        )
