from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

import orm
import rpc
from seldesk.models.control.access import Access
from seldesk.models.control.access_grant import AccessGrant
from seldesk.models.control.act import Act
from seldesk.models.control.clean_up import CleanUp
from seldesk.models.control.customer import Customer
from seldesk.models.control.erasure import GONE, Erasure
from seldesk.models.control.figures import CustomerFigures
from seldesk.models.control.incident import Incident
from seldesk.models.control.incident_report import IncidentReport
from seldesk.models.control.lease import Lease
from seldesk.models.control.leaving_person import LeavingPerson
from seldesk.models.control.sign_up import SignUp
from seldesk.models.control.wakeup import Wakeup

Shape = TypeVar("Shape")


class Purge:
    """A customer of whom nothing is left in the end."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer

    @classmethod
    async def of(cls, customer: UUID) -> Self:
        return cls(await Customer.where(Customer.id == customer, Customer.state == "purging").lock().one())

    @staticmethod
    async def resume(customer: UUID) -> None:
        """Of one that was erased, as the ledger says, under the entry that is there: what is left of it goes. Busy."""
        entry = await Erasure.of(customer).order_by(Erasure.erased_at).limit(1).one()
        await Lease.ask(customer, "purge")
        gone = await Customer.where(Customer.id == customer).lock().one()
        if gone.state not in GONE:
            gone.state, gone.erasure, gone.purging_at = "purging", entry.id, entry.erased_at
            await Customer.announce(customer)

    @staticmethod
    async def under_way(shape: type[Shape]) -> list[Shape]:
        """Those of whom not everything is gone yet."""
        lease = (Lease.customer_id == Customer.id) & (Lease.kind == "purge")
        purging = Customer.where(Customer.state == "purging").join(Lease, lease, optional=True)
        step, error = orm.coalesce(Lease.step, ""), orm.coalesce(Lease.error, "")
        listed = purging.order_by(Customer.purging_at, Customer.id).limit(100)
        return await listed.into(shape, slug=Customer.slug, begun_at=Customer.purging_at, step=step, error=error)

    @property
    def entry(self) -> tuple[UUID, datetime]:
        """What stands in the ledger: its id, and since when the data counts as gone."""
        erasure, since = self.customer.erasure, self.customer.purging_at
        if erasure is None or since is None:
            raise rpc.Conflict("This customer is not being purged.")
        return erasure, since

    async def finish(self, fence: int) -> None:
        """The host stays taken, so that nobody else gets this customer's mail. What it was called goes."""
        (await Lease.held(self.customer.id, "purge", fence)).release()
        await Act.forget_words(self.customer.id)
        for rows in (Wakeup, LeavingPerson, CustomerFigures, IncidentReport, Access, AccessGrant):
            await rows.where(rows.customer_id == self.customer.id).delete()
        customer = self.customer
        await Incident.forget(customer.slug)
        customer.state, customer.logo = "purged", None
        customer.name = customer.accent = customer.logo_type = customer.suspended_for = customer.suspended_by = ""
        customer.primary_name = customer.primary_email = ""
        await SignUp.where(SignUp.customer_id == customer.id).delete()
        await orm.flush()
        await CleanUp.report()
        await Customer.announce(customer.id)
