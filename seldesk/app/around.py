"""What stands around each call of a process, for whichever customer."""

from dataclasses import dataclass, field
from datetime import timedelta

from seldesk.addresses import Addresses
from seldesk.app.directory import Directory
from seldesk.app.doors import Doors
from seldesk.app.stores import Naming
from seldesk.clock import Clock
from seldesk.offer import Offer
from seldesk.rates import Bounds
from seldesk.settings import Settings
from seldesk.storage import Downloads, Secrets, Storage, Untouched
from seldesk.surroundings import Customer, Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The same for all calls, but for the customer."""

    settings: Settings
    clock: Clock
    addresses: Addresses
    signing_key: bytes = field(repr=False)
    offer: Offer = field(repr=False)
    rates: Bounds
    storage: Storage
    downloads: Downloads
    secrets: Secrets
    named: Naming
    directory: Directory
    doors: Doors

    def __call__(self, customer: Customer) -> Surroundings:
        return Surroundings(
            clock=self.clock,
            customer=customer,
            addresses=self.addresses,
            storage=self.storage if customer.side is None else Untouched(self.storage),
            signing_key=self.signing_key,
            offer=self.offer,
            undo=timedelta(seconds=self.settings.undo_seconds),
            lease=timedelta(seconds=self.settings.limits.lease_seconds),
            publish=self.doors.publish,
            control=self.doors.control,
            known_as=self.directory.change,
            first_link=self.doors.first_link,
            door=self.doors.customer,
            named=self.named,
            downloads=self.downloads,
            rates=self.rates,
            secrets=self.secrets,
        )
