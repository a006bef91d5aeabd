"""What tests of copies share: copies made as the provisioner's process makes them, and stores that misbehave."""

from pathlib import Path

from rpc import Kind
from seldesk.app.copying import Copier
from seldesk.jobs.provision import Provisioner
from seldesk.methods.control import copies
from seldesk.methods.control.copies import CopyRow
from seldesk.surroundings import OPERATOR
from tests.world import World


async def copy(world: World, slug: str = "acme", *, programs: Path | None = None) -> list[CopyRow]:
    """Asked for and made; all copies and attempts, newest first. slug "" is the control database."""
    command = world.app.program(Kind.COMMAND)
    await command(copies.ask, slug=slug)
    await work(world, programs)
    return await command(copies.list, slug=slug)


async def work(world: World, programs: Path | None = None) -> None:
    """What is asked for."""
    copier = Copier(world.app, programs)
    await Provisioner(world.app.program(Kind.JOB), {"copy": copier.copy}).work()


def stored(world: World) -> list[list[str]]:
    """Names of what lies in each store of copies."""
    return [
        sorted(path.relative_to(store).as_posix() for path in (Path(store) / "copies").rglob("*") if path.is_file())
        for store in world.app.settings.stores
    ]


CONTROL = OPERATOR.id
