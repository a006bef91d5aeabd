"""Running the provisioner."""

import asyncio

import orm
from rpc import Kind
from seldesk.app.alarming import tell_alarms
from seldesk.app.build import Application
from seldesk.app.copying import Copier
from seldesk.app.machine import Machine
from seldesk.app.metrics import serve_metrics
from seldesk.app.operations import nightly, operations
from seldesk.app.restores import driller, restorer
from seldesk.app.taking import taker
from seldesk.jobs.provision import Provisioner
from seldesk.jobs.schedule import PROVISIONERS, Jobs, Schedule, lanes


async def provision(app: Application) -> None:
    """Make new customers' databases, and do what else was asked for with customers, until the task is cancelled."""
    control, beat = app.program(Kind.JOB), app.settings.limits.lease_seconds / 4
    works, restoring, drilling = Provisioner(control, operations(app), beat=beat), restorer(app), driller(app)
    # In turns of their own: nobody who signs up waits for a large copy. While one half dumps, the other stores.
    copier = Copier(app)
    copying = Provisioner(control, {"copy": copier.copy}, beat=beat, at_once=2 * app.settings.backups.at_once)

    async def heard(channel: str, payload: str) -> None:
        # Who a customer is each operation asks for itself; what names none may be of a new cluster.
        if not payload:
            await app.reading.clusters()
        for each in (works, restoring, drilling, copying):
            each.ring()

    async with asyncio.TaskGroup() as group:
        group.create_task(orm.listen(app.control_address, ("directory",), heard))
        for each in (works, restoring, drilling, copying):
            group.create_task(each.run())
        group.create_task(taker(app).run())
        group.create_task(serve_metrics(app, "provision"))
        group.create_task(tell_alarms(app.settings, app.clock))
        group.create_task(Machine(app.settings, app.clock, app.reached).run())
        group.create_task(Schedule(control, app.clock, times=PROVISIONERS).run())
        for lane in lanes(nightly(app)):
            group.create_task(Jobs(control, lane).run())
        if app.settings.backups.at_once:
            group.create_task(Jobs(control, {"copies": copier.ask_for_due}).run())
