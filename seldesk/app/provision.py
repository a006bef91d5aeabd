"""Running the provisioner."""

import asyncio
from functools import partial

import orm
from rpc import Kind
from seldesk.app.build import Application, content_keys
from seldesk.app.installation import make_database, provisioner
from seldesk.jobs.provision import Provisioner


async def provision(app: Application) -> None:
    """Make new customers' databases until the task is cancelled."""
    makes = provisioner(app.settings, app.cluster)
    works = Provisioner(app.program(Kind.JOB), partial(make_database, makes, content_keys(app.settings)))

    async def heard(channel: str, payload: str) -> None:
        works.ring()

    async with asyncio.TaskGroup() as group:
        group.create_task(orm.listen(app.control_address, ("directory",), heard))
        group.create_task(works.run())
