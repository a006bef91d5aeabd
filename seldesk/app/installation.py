"""What an installation consists of: roles, the control database, templates, databases."""

import orm
from orm.migrate import Revisions, render
from orm.provision import (
    ClusterPasswords,
    Identity,
    Provisioner,
    control_exists,
    create_control,
    create_templates,
    prepare_cluster,
)
from orm.provision.names import BACKUP, CONTROL, PROVISIONER
from seldesk.app.fleet import Cluster
from seldesk.app.keys import role_password
from seldesk.jobs.provision import OnStep
from seldesk.keyring import master_key
from seldesk.methods.control import operator_log
from seldesk.methods.control.customers import CustomerRow
from seldesk.resources import folder
from seldesk.settings import Settings
from seldesk.storage import BackupIdentities, ContentKeys, Place

MAINTENANCE = "postgres"


def desk_revisions() -> Revisions:
    return render(folder("migrations") / "desk")


def control_revisions() -> Revisions:
    return render(folder("migrations") / "control")


async def prepare(settings: Settings, superuser: orm.Address) -> None:
    """Make a cluster fit to serve, or bring it to this version. Safe to repeat; the superuser is needed.

    Folders become stores the first time and never again: later on one that is missing is lost.
    """
    if not await control_exists(superuser, settings.database.control):
        for place in (*settings.stores, *settings.key_stores):
            Place.prepare(place)
    await prepare_another(settings, superuser)
    await make_control(settings, superuser)


async def make_control(settings: Settings, superuser: orm.Address) -> None:
    """Make or bring to this version the control database alone."""
    revisions, name = control_revisions(), settings.database.control
    await create_control(superuser, revisions, name=name, appended=operator_log.APPENDED)


async def prepare_another(settings: Settings, superuser: orm.Address) -> None:
    """Make a cluster fit for customers; the control database is on the first one."""
    connection_key = master_key(settings, "connection")
    # The provisioner's own key: what derives the application's passwords must not open its door.
    provisioner_key = master_key(settings, "provisioner")
    await prepare_cluster(
        superuser,
        ClusterPasswords(
            provisioner=role_password(provisioner_key, PROVISIONER),
            control=role_password(connection_key, CONTROL),
            backup=role_password(provisioner_key, BACKUP),
        ),
    )
    await create_templates(superuser, desk_revisions())


def provisioner(settings: Settings, where: Cluster, credentials: int = 1) -> Provisioner:
    """credentials is the version of the passwords that it gives to a customer's roles."""
    address = orm.Address(
        where.host,
        where.port,
        MAINTENANCE,
        PROVISIONER,
        role_password(master_key(settings, "provisioner"), PROVISIONER),
    )
    return Provisioner(address, lambda role: where.password(role, credentials))


async def make_database(
    makes: Provisioner,
    keys: ContentKeys,
    identities: BackupIdentities,
    limit: int,
    customer: CustomerRow,
    on_step: OnStep,
) -> None:
    """A customer's database, from wherever an earlier try ended; limit is of its role's connections."""
    identity = Identity(customer.id, customer.slug, customer.plan, customer.created_at)
    await keys.create(customer.id)
    await identities.create(customer.id)
    await makes.create(customer.database, identity=identity, connection_limit=limit, on_step=on_step)
