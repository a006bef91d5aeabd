"""The copies of one customer, taken together: which of them stay, and what goes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

import orm
from seldesk.models.control.copy import Copy
from seldesk.models.control.customer import Customer
from seldesk.models.control.erasure import Erasure
from seldesk.models.control.keeping import Rule, Taken, kept
from seldesk.models.control.lease import Lease
from seldesk.models.control.restore import Restore
from seldesk.surroundings import surroundings

MOST = 1000
# What reads a copy while it is under way.
READING = ("restore", "drill")


@dataclass(frozen=True, slots=True)
class Shelf:
    """copies are the verified ones, newest first. gone: the customer was erased, and its copies end with their age."""

    customer: UUID
    copies: list[Copy]
    gone: bool

    @classmethod
    async def of(cls, customer: UUID) -> Self:
        """A customer that nobody knows is not gone, unless the ledger says so: it may be known again tomorrow."""
        mine = Copy.where(Copy.customer_id == customer, Copy.verified_at.is_not(None))
        purging = Customer.where(Customer.id == customer, Customer.state.in_(("purging", "purged")))
        gone = await orm.scalars(erased=orm.exists(Erasure.of(customer)), purging=orm.exists(purging))
        return cls(customer, await mine.order_by(Copy.snapshot_at.desc()).limit(MOST).all(), any(gone.values()))

    @property
    def rules(self) -> dict[UUID, Rule]:
        """Those that stay, and why. One that a store has lost stays as long as if it had not, beside the next best."""
        now, every = surroundings().now, [(one, _taken(one)) for one in self.copies]
        whole = kept([taken for one, taken in every if one.damaged_at is None], now, gone=self.gone)
        return {**kept([taken for _, taken in every], now, gone=self.gone), **whole}

    async def ends(self) -> bool:
        """Whether nothing is left but what is being dropped, of one that was erased: nothing opens it any more."""
        left = Copy.where(Copy.customer_id == self.customer, Copy.dropped_at.is_(None))
        return self.gone and not await left.exists()

    async def choose(self) -> list[UUID]:
        """What goes: from now on it is no copy any more, and it is answered until nothing of it is left."""
        lease = await Lease.standing(self.customer)
        if lease is not None and lease.kind in READING:
            return []
        now, stay = surroundings().now, {*self.rules, *await Restore.wanted(self.customer)}
        for one in self.copies:
            if one.id not in stay:
                one.drop(now)
        mine = Copy.where(Copy.customer_id == self.customer)
        if self.gone:
            # Nobody goes on with an attempt of theirs.
            await mine.where(Copy.verified_at.is_(None)).update(dropped_at=now)
        await orm.flush()
        dropped = await mine.where(Copy.dropped_at.is_not(None)).order_by(Copy.id).limit(MOST).all()
        return [one.id for one in dropped]


def _taken(copy: Copy) -> Taken:
    taken_at: datetime = copy.snapshot_at or copy.began_at
    return Taken(copy.id, taken_at, copy.kind)
