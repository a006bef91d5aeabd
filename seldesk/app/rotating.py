"""New passwords for a customer's roles."""

from seldesk.app.budget import Budget
from seldesk.app.build import Application
from seldesk.app.installation import provisioner
from seldesk.jobs.provision import Held
from seldesk.methods.control import rotations


async def rotate(app: Application, held: Held) -> None:
    """For a moment no new connection opens; calls in between are asked to come again. Repeated, it changes nothing."""
    customer, version = held.claim.customer, held.claim.customer.credentials + 1
    await held.keep()
    makes = provisioner(app.settings, app.fleet.named(customer.cluster), version)
    await makes.rotate(customer.database, connection_limit=Budget.of(app.settings).customer_limit)
    await held.control(rotations.done, customer=customer.id, fence=held.claim.fence, credentials=version)
