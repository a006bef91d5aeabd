"""One large customer, copied and restored on the side by the provisioner's own process."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from rpc import Call, Kind
from seldesk.app.aside import remove_sides
from seldesk.app.build import Application, backup_identities
from seldesk.app.stores import archive
from seldesk.methods.control import copies, customers, restores, sides
from tests.bench.arithmetic import Ratio, ratio
from tests.bench.backup import bare
from tests.bench.backup.watching import Peaks, watching
from tests.bench.fleet.many import calm
from tests.bench.place import Customer, Place

ROUNDS = 3
LOOK = 0.1  # seconds between two looks at how far it is: each costs the machine some milliseconds


@dataclass
class Rounds:
    """Seconds, round by round."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> Ratio:
        return ratio(self.ours, self.bare)


async def copying(made: Place, customer: Customer, provisioner: int) -> tuple[Rounds, Peaks]:
    """From asked for to counted, beside pg_dump; after one that warms up."""
    found, peaks, file = Rounds(), Peaks(), made.home / "bare.dump"
    async with made.application() as app:
        command = app.program(Kind.COMMAND)
        await _copied(command, customer.slug)
        await calm(made)
        for _ in range(ROUNDS):
            found.bare.append(await bare.dumped(made, customer.database, file))
            file.unlink()
            async with watching(provisioner, peaks):
                found.ours.append(await _copied(command, customer.slug))
    return found, peaks


async def restoring(made: Place, customer: Customer) -> Rounds:
    """From asked for to open to people, beside pg_restore of the same archive."""
    found, file = Rounds(), made.home / "opened.dump"
    async with made.application() as app:
        await _opened(app, customer.slug, file)
        for _ in range(ROUNDS):
            found.bare.append(await bare.restored(made, file))
            found.ours.append(await _restored(app, customer.slug))
    file.unlink()
    return found


async def _copied(command: Call, slug: str) -> float:
    begin = perf_counter()
    await command(copies.ask, slug=slug)
    while not (now := await command(copies.read, slug=slug)).over:  # noqa: ASYNC110 - it is another process that does it
        await asyncio.sleep(LOOK)
    if now.error:
        raise RuntimeError(f"There is no copy: {now.error}")
    return perf_counter() - begin


async def _opened(app: Application, slug: str, file: Path) -> None:
    """The newest copy, as pg_dump wrote it."""
    command = app.program(Kind.COMMAND)
    customer = (await command(customers.read, slug=slug)).id
    newest = next(one for one in await command(copies.list, slug=slug) if one.verified_at)
    identity = await backup_identities(app.settings).identity(customer)
    with file.open("wb") as writing:
        async for content in archive(app.settings).open(customer, newest.id, identity):
            writing.write(content)


async def _restored(app: Application, slug: str) -> float:
    command, begin = app.program(Kind.COMMAND), perf_counter()
    row = await command(restores.ask, slug=slug, kind="aside")
    while row.state == "waiting":
        await asyncio.sleep(LOOK)
        row = await command(restores.progress, restore=row.id)
    took = perf_counter() - begin
    if row.state != "open":
        raise RuntimeError(f"It was not restored: {row.error}")
    await command(sides.leave, slug=row.slug)
    await remove_sides(app, _nobody_waits)
    return took


async def _nobody_waits() -> None:
    """What a job says while it works."""
