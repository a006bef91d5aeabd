"""What a call may reach besides its own database: the control database, and other customers' doors."""

from uuid import UUID

import rpc
from rpc import Credential, Kind
from seldesk.app.directory import Directory
from seldesk.errors import CustomerUnavailable, OnTheSide
from seldesk.methods.control import customers
from seldesk.methods.desk import founding
from seldesk.surroundings import Customer


class Doors:
    """Each call through one has a transaction of its own, which stands even if the call that made it fails."""

    dispatcher: rpc.Dispatcher

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @property
    def control(self) -> rpc.Call:
        return self.dispatcher.calling(Credential(kind=Kind.JOB))

    def customer(self, customer: UUID) -> rpc.Call:
        """CustomerUnavailable for one that is not served."""
        entry = self._directory.with_id(customer)
        if entry is None or not entry.customer.served:
            raise CustomerUnavailable
        return self.dispatcher.calling(Credential(kind=Kind.JOB, place=entry.customer.slug))

    async def first_link(self, customer: UUID, email: str) -> str | None:
        entry = self._directory.with_id(customer)
        if entry is None:
            raise CustomerUnavailable
        at_the_door = self.dispatcher.calling(Credential(kind=Kind.JOB, place=entry.customer.slug))
        return await at_the_door(founding.link, email=email)

    async def publish(self, customer: Customer) -> None:
        """Write a customer's name and brand into the control database, and know them here from now on."""
        if customer.side is not None:
            raise OnTheSide
        brand = customer.brand
        await self.control(
            customers.rebrand,
            customer=customer.id,
            name=customer.name,
            accent=brand.accent,
            logo=brand.logo,
            logo_type=brand.logo_type,
        )
        self._directory.change(customer)
