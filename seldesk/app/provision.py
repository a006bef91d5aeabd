"""Running the provisioner."""

import asyncio

import orm
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.operations import nightly, operations
from seldesk.app.restores import restorer
from seldesk.jobs.provision import Provisioner
from seldesk.jobs.schedule import PROVISIONERS, Jobs, Schedule


async def provision(app: Application) -> None:
    """Make new customers' databases, and do what else was asked for with customers, until the task is cancelled."""
    works = Provisioner(app.program(Kind.JOB), operations(app), beat=app.settings.limits.lease_seconds / 4)
    restoring = restorer(app)

    async def heard(channel: str, payload: str) -> None:
        await app.refresh()
        works.ring()
        restoring.ring()

    async with asyncio.TaskGroup() as group:
        group.create_task(orm.listen(app.control_address, ("directory",), heard))
        group.create_task(works.run())
        group.create_task(restoring.run())
        group.create_task(Schedule(app.program(Kind.JOB), app.clock, times=PROVISIONERS).run())
        group.create_task(Jobs(app.program(Kind.JOB), nightly(app)).run())
