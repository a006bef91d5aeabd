"""A second cluster for tests: a PostgreSQL of its own, prepared as an operator prepares one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from orm.provision import Provisioner
from orm.testing import Server
from rpc import Kind
from seldesk.app import installation
from seldesk.app.operations import operations
from seldesk.jobs import provision as job
from seldesk.methods.control import clusters
from tests.faults import superuser
from tests.world import World


@dataclass(frozen=True)
class Far:
    """The cluster `far`, and a hand on its side."""

    world: World
    server: Server

    @property
    def makes(self) -> Provisioner:
        return installation.provisioner(self.world.app.settings, self.world.app.fleet.named("far"))

    async def databases(self) -> list[str]:
        return await databases_of(self.server)


@asynccontextmanager
async def far(world: World, server: Server) -> AsyncIterator[Far]:
    """As `seldesk cluster add` does it; empty again at the end."""
    await installation.prepare_another(world.app.settings, server.superuser)
    address = server.superuser
    await world.app.program(Kind.COMMAND)(clusters.add, name="far", host=address.host, port=address.port)
    await world.app.refresh()
    one = Far(world, server)
    try:
        yield one
    finally:
        for database in await one.databases():
            await one.makes.drop(database)


async def do_all(world: World) -> None:
    """What the provisioner's process does, once."""
    await job.Provisioner(world.app.program(Kind.JOB), operations(world.app)).work()
    await world.app.refresh()


async def nobody_else() -> None:
    """What a job calls to say that it is still at it."""


async def databases_of(server: Server) -> list[str]:
    async with superuser(server, "postgres") as connection:
        rows = await connection.fetch("SELECT datname FROM pg_database WHERE datname ~ '^c_' ORDER BY 1")
        return [row["datname"] for row in rows]
