"""A customer's database as one file for its owners: fresh, and such that PostgreSQL's own program restores it."""

import asyncio
from datetime import timedelta

from orm.provision import portable
from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.copying import Copier
from seldesk.errors import CustomerUnavailable
from seldesk.jobs.downloads import Maker, Work
from seldesk.methods.control import customers


def taker(app: Application) -> Maker:
    """What the provisioner's process makes for owners: it alone can dump."""
    copier, deadline = Copier(app), timedelta(minutes=app.settings.backups.dump_minutes)

    async def make(work: Work) -> str:
        rows = await app.program(Kind.JOB)(customers.directory)
        customer = next((one for one in rows if one.id == work.customer), None)
        if customer is None or customer.state not in ("active", "suspended"):
            raise CustomerUnavailable
        work.progress.step = "rows"
        address = copier.address(customer)
        async with asyncio.timeout(deadline.total_seconds()):
            async for content in portable(copier.programs, address, address.database):
                await work.file.write(content)
                work.progress.made += len(content)
        return f"{customer.slug}-{app.clock.now():%Y-%m-%d-%H%M}.dump"

    return Maker(app.program(Kind.JOB), app.job, app.downloads, {"backup": make})
