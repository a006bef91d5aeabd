"""Running the provisioner."""

import asyncio

import orm
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.operations import nightly, operations
from seldesk.jobs.provision import Provisioner
from seldesk.jobs.schedule import PROVISIONERS, Jobs, Schedule


async def provision(app: Application) -> None:
    """Make new customers' databases, and do what else was asked for with customers, until the task is cancelled."""
    works = Provisioner(app.program(Kind.JOB), operations(app), beat=app.settings.limits.lease_seconds / 4)

    async def heard(channel: str, payload: str) -> None:
        # Who the customers are each operation asks for itself: at each of a thousand sign-ups that were too much.
        await app.refresh_clusters()
        works.ring()

    async with asyncio.TaskGroup() as group:
        group.create_task(orm.listen(app.control_address, ("directory",), heard))
        group.create_task(works.run())
        group.create_task(Schedule(app.program(Kind.JOB), app.clock, times=PROVISIONERS).run())
        group.create_task(Jobs(app.program(Kind.JOB), nightly(app)).run())
