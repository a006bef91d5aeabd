from datetime import datetime
from typing import Self
from uuid import UUID

import orm
import rpc
from seldesk.models.control.clean_up import CleanUp
from seldesk.models.control.customer import Customer
from seldesk.models.control.wakeup import Wakeup
from seldesk.surroundings import surroundings


class Purge:
    """A customer of whom nothing is left in the end, held for a step by the one who works on it."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer

    @classmethod
    async def claim(cls) -> Self | None:
        """The oldest purge that nobody works on, under a new fencing number."""
        around = surroundings()
        now = around.now
        free = orm.or_(Customer.lease_until.is_(None), Customer.lease_until < now)
        waiting = Customer.where(Customer.state == "purging", free).order_by(Customer.erase_at, Customer.id)
        customer = await waiting.limit(1).lock(skip_locked=True).first()
        if customer is None:
            return None
        customer.error = ""
        customer.fence, customer.lease_until = customer.fence + 1, now + around.lease
        return cls(customer)

    @classmethod
    async def held(cls, customer_id: UUID, fence: int) -> Self:
        """For the next step; Conflict for one that slept and was taken over from."""
        customer = await Customer.where(Customer.id == customer_id).lock().one()
        if customer.fence != fence or customer.state != "purging":
            raise rpc.Conflict("Another provisioner has taken this over.")
        customer.lease_until = surroundings().now + surroundings().lease
        return cls(customer)

    @property
    def entry(self) -> tuple[UUID, datetime]:
        """What stands in the ledger: its id, and since when the data counts as gone."""
        erasure, since = self.customer.erasure, self.customer.purging_at
        if erasure is None or since is None:
            raise rpc.Conflict("This customer is not being purged.")
        return erasure, since

    async def finish(self) -> None:
        """The host stays taken, so that nobody else gets this customer's mail. What it was called goes."""
        customer = self.customer
        await Wakeup.where(Wakeup.customer_id == customer.id).delete()
        customer.state, customer.step, customer.lease_until = "purged", "", None
        customer.name = customer.accent = customer.logo_type = customer.error = ""
        customer.suspended_for = customer.suspended_by = ""
        customer.logo = None
        await orm.flush()
        await CleanUp.report()
        await Customer.announce()
