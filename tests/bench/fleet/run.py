"""`scripts/bench customers`: what a thousand customers on one cluster cost."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import uvloop

from tests.bench.arithmetic import Ratio
from tests.bench.fleet.isolation import isolation_failures
from tests.bench.fleet.making import Making, making
from tests.bench.fleet.many import Many, calm, many, provisioner
from tests.bench.fleet.migrating import migrating
from tests.bench.fleet.touching import touching
from tests.bench.fleet.waking import WARMING, waking
from tests.bench.place import Place, place

SIZES = {True: (10, 100), False: (10, 100, 1_000)}
COLD = 30  # customers whose first page is measured
EACH_BYTES, BESIDE_BYTES = 12_500_000, 3_000_000_000
Details = dict[str, Ratio]


def figures(*, quick: bool, told: Callable[[str], None]) -> tuple[dict[str, float], Details]:
    """The figures, and of those that are ratios of rounds the spread. RuntimeError without room on the disk."""
    sizes = SIZES[quick]
    needed = sizes[-1] * EACH_BYTES + BESIDE_BYTES
    if shutil.disk_usage(tempfile.gettempdir()).free < needed:
        raise RuntimeError(f"{needed / 1e9:.0f} GB must be free in {tempfile.gettempdir()}.")
    told("isolation")
    found: dict[str, float] = {"isolation_failures": isolation_failures()}
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        place(Path(folder)) as made,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_measured(made, sizes, found, told))


async def _measured(
    made: Place, sizes: Sequence[int], found: dict[str, float], told: Callable[[str], None]
) -> tuple[dict[str, float], Details]:
    details: Details = {}
    async with many(made, told) as fleet:
        times = await _grown(made, fleet, sizes)
        for size, one in times.items():
            details[f"provision_ratio_{size}"] = one.ratio
            found[f"provision_{size}_ms"] = one.seconds * 1000
        # At every size: the worst of them.
        found["provision_ratio"] = max(one.ratio.median for one in times.values())
        found["provision_growth"] = times[sizes[-1]].seconds / times[sizes[0]].seconds
        await _asked(made, fleet, found, details, told)
        told("migrating")
        details["migrate_ratio"] = await migrating(made, fleet.app, fleet.all)
        found["migrate_ratio"] = details["migrate_ratio"].median
    return found, details


async def _grown(made: Place, fleet: Many, sizes: Sequence[int]) -> dict[int, Making]:
    times = {}
    async with provisioner(made):
        for size in sizes:
            await fleet.grow(size)
            fleet.told(f"making customers beside {size}")
            await calm(made)
            times[size] = await making(fleet)
    return times


async def _asked(
    made: Place, fleet: Many, found: dict[str, float], details: Details, told: Callable[[str], None]
) -> None:
    told("owners")
    tenants = await fleet.owned()
    some = tenants[: COLD + WARMING]
    cookies = await fleet.signed_in(some)
    await fleet.let_go()
    with made.processes("web") as web:
        told(f"touching {len(tenants)} customers in turn")
        found |= await touching(made, web, tenants)
        told("first pages")
        first = await waking(made, web[0], some, cookies)
        details |= {"cold_ratio": first.cold, "untouched_ratio": first.untouched}
        found["cold_ratio"] = first.cold.median
