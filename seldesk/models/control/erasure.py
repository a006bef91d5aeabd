from collections.abc import Collection
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

import orm
from seldesk.models.control.copy import Copy
from seldesk.models.control.customer import Customer
from seldesk.models.control.keeping import OLDEST
from seldesk.surroundings import OPERATOR, surroundings

Shape = TypeVar("Shape")
GONE = ("purging", "purged")


class Erasure(orm.Model, table="erasures", schema="control"):
    """The ledger of what was erased, in ids that say nothing. Its entry lies in both stores before it stands here:
    what is restored from an older copy is erased again by it, and it ends when there is none.
    """

    id: orm.Column[UUID] = orm.identifier(primary=True)
    kind: orm.Column[str] = orm.choice("customer", "person")
    customer_id: orm.Column[UUID] = orm.identifier(index=True)
    person_id: orm.Column[UUID | None] = orm.identifier(optional=True)
    erased_at: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    async def record(cls, erasure: UUID, kind: str, customer: UUID, person: UUID | None) -> None:
        """Once, however often it is said."""
        await cls.enter(erasure, kind, customer, person, surroundings().now)

    @classmethod
    async def enter(cls, erasure: UUID, kind: str, customer: UUID, person: UUID | None, erased_at: datetime) -> None:
        values = {"kind": kind, "customer_id": customer, "person_id": person, "erased_at": erased_at}
        await orm.insert_or_skip(cls, {"id": erasure, **values})

    @classmethod
    def of(cls, customer: UUID) -> "orm.Query[Self]":
        """That this customer was erased: not somebody inside it."""
        return cls.where(cls.customer_id == customer, cls.kind == "customer")

    @classmethod
    async def known(cls, erasures: Collection[UUID]) -> set[UUID]:
        found = await cls.where(cls.id.in_(list(erasures))).limit(len(erasures)).all()
        return {one.id for one in found}

    @classmethod
    async def unfinished(cls, shape: type[Shape]) -> list[Shape]:
        """Customers that the ledger says were erased, and that are served or could be."""
        erased = cls.query().join(Customer, (Customer.id == cls.customer_id) & (cls.kind == "customer"))
        listed = erased.where(Customer.state.not_in(GONE)).order_by(Customer.id).limit(1000)
        return await listed.into(
            shape, customer=Customer.id, cluster=Customer.cluster, database=Customer.database, erasure=cls.id
        )

    @classmethod
    async def page(cls, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
        """The newest first, each with the newest copy that may still hold what was erased; slug "" for a customer
        whose row is gone.
        """
        copies = Copy.where(Copy.customer_id == cls.customer_id, Copy.snapshot_at <= cls.erased_at)
        listed = cls.query().join(Customer, Customer.id == cls.customer_id, optional=True)
        return await listed.page(
            shape,
            by=(cls.erased_at, cls.id),
            size=50,
            cursor=cursor,
            id=cls.id,
            kind=cls.kind,
            customer=cls.customer_id,
            slug=orm.coalesce(Customer.slug, ""),
            state=orm.coalesce(Customer.state, ""),
            erased_at=cls.erased_at,
            copies=orm.capped(copies, 1000),
        )

    @classmethod
    async def over(cls, shape: type[Shape], limit: int) -> list[Shape]:
        """Those for which nothing is left that is older, oldest first: no copy of the customer's database nor of the
        control database, and none that the operator may have made of a whole machine.
        """
        of_either = Copy.customer_id.in_((cls.customer_id, OPERATOR.id))
        older = Copy.where(of_either, orm.coalesce(Copy.snapshot_at, Copy.began_at) <= cls.erased_at)
        over = cls.where(cls.erased_at < surroundings().now - OLDEST, ~orm.exists(older))
        return await over.order_by(cls.erased_at).limit(limit).into(shape, **cls._columns())

    @classmethod
    async def newest(cls, shape: type[Shape], limit: int) -> list[Shape]:
        newest = cls.query().order_by(cls.erased_at.desc(), cls.id.desc()).limit(limit)
        return await newest.into(shape, **cls._columns())

    @classmethod
    def _columns(cls) -> dict[str, Any]:
        return {
            "id": cls.id,
            "kind": cls.kind,
            "customer": cls.customer_id,
            "person": cls.person_id,
            "erased_at": cls.erased_at,
        }
