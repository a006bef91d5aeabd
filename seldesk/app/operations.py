"""What the provisioner's process does with customers, one operation at a time for each."""

from collections.abc import Mapping
from functools import partial

from orm.provision import Provisioner
from seldesk.app.build import Application, content_keys
from seldesk.app.installation import make_database, provisioner
from seldesk.app.moving import move
from seldesk.jobs.provision import OnStep, Work, provisioning
from seldesk.methods.control.customers import CustomerRow
from seldesk.methods.control.leases import Operation


def operations(app: Application) -> Mapping[Operation, Work]:
    """By kind. Needs the provisioner's key."""
    keys = content_keys(app.settings)

    async def create(customer: CustomerRow, on_step: OnStep) -> None:
        await make_database(makes(app, customer), keys, customer, on_step)

    return {"provision": provisioning(create), "move": partial(move, app)}


def makes(app: Application, customer: CustomerRow) -> Provisioner:
    """On the cluster that the customer is on."""
    return provisioner(app.settings, app.fleet.named(customer.cluster), customer.credentials)
