"""What the provisioner's process does with customers, one operation at a time for each."""

from collections.abc import Mapping
from functools import partial

from orm.provision import Provisioner
from seldesk.app import erasing
from seldesk.app.aside import ask_for_drills, remove_sides
from seldesk.app.budget import Budget
from seldesk.app.build import Application, backup_identities, content_keys
from seldesk.app.drilling import drill_control
from seldesk.app.installation import make_database, provisioner
from seldesk.app.keeping import check_copies, keep_copies
from seldesk.app.measuring_places import measure_places
from seldesk.app.moving import drop_former, move
from seldesk.app.reconcile import check_all, check_roles, reconcile
from seldesk.app.rotating import rotate
from seldesk.app.stored import Stored
from seldesk.app.stores import archive
from seldesk.jobs.provision import OnStep, Work, provisioning
from seldesk.jobs.purge import purging
from seldesk.jobs.schedule import Work as JobWork
from seldesk.methods.control.customers import CustomerRow
from seldesk.methods.control.leases import Operation


def operations(app: Application) -> Mapping[Operation, Work]:
    """By kind. Needs the provisioner's key."""
    keys, identities = content_keys(app.settings), backup_identities(app.settings)
    limit = Budget.of(app.settings).customer_limit

    async def create(customer: CustomerRow, on_step: OnStep) -> None:
        await make_database(makes(app, customer), keys, identities, limit, customer, on_step)

    def on(cluster: str) -> Provisioner:
        return provisioner(app.settings, app.fleet.named(cluster))

    return {
        "provision": provisioning(create),
        "move": partial(move, app),
        "rotate": partial(rotate, app, keys),
        "purge": purging(erasing.steps(app, on)),
    }


def makes(app: Application, customer: CustomerRow) -> Provisioner:
    """On the cluster that the customer is on."""
    return provisioner(app.settings, app.fleet.named(customer.cluster), customer.credentials)


def nightly(app: Application) -> Mapping[str, JobWork]:
    """The jobs that need the provisioner's key or the one that signs, by name."""
    held = archive(app.settings, deleting=True)
    return {
        "registry": partial(reconcile, app),
        "catalogue": partial(check_all, app),
        "roles": partial(check_roles, app),
        "objects": Stored(app).check,
        "former": partial(drop_former, app),
        "keeping": partial(keep_copies, app, held),
        "stores": partial(check_copies, app, held),
        "sides": partial(remove_sides, app),
        "drills": partial(ask_for_drills, app),
        "places": partial(measure_places, app, held),
        "own-drill": partial(drill_control, app),
        "people": partial(erasing.erase_people, app),
    }
