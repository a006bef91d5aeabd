"""Running the provisioner."""

import asyncio
from functools import partial

import orm
from rpc import Kind
from seldesk.app import erasing
from seldesk.app.build import Application, content_keys
from seldesk.app.installation import make_database, provisioner
from seldesk.jobs.provision import Provisioner, provisioning
from seldesk.jobs.purge import purging


async def provision(app: Application) -> None:
    """Make new customers' databases until the task is cancelled."""
    makes = provisioner(app.settings, app.cluster)
    keys = content_keys(app.settings)
    create = provisioning(partial(make_database, makes, keys))
    works = Provisioner(app.program(Kind.JOB), {"provision": create, "purge": purging(erasing.steps(app, makes, keys))})

    async def heard(channel: str, payload: str) -> None:
        works.ring()

    async with asyncio.TaskGroup() as group:
        group.create_task(orm.listen(app.control_address, ("directory",), heard))
        group.create_task(works.run())
