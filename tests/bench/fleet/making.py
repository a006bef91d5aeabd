"""From claimed to active, beside bare CREATE DATABASE from the same template, as many at once."""

import asyncio
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from orm.provision import FULL
from orm.provision.connection import connect
from seldesk.jobs.provision import AT_ONCE
from tests.bench.arithmetic import Ratio, ratio
from tests.bench.fleet.many import Many
from tests.bench.place import Place

ROUNDS = 5
EACH = 16  # databases of a round


@dataclass(frozen=True, slots=True)
class Making:
    """Seconds of the median database of each round."""

    ours: list[float]
    bare: list[float]

    @property
    def seconds(self) -> float:
        return median(self.ours)

    @property
    def ratio(self) -> Ratio:
        return ratio(self.ours, self.bare)


async def making(many: Many) -> Making:
    """Side by side, round by round; after one that warms up."""
    await many.make(AT_ONCE)
    found = Making([], [])
    for _ in range(ROUNDS):
        found.ours.append(median(await many.make(EACH)))
        found.bare.append(median(await _bare(many.place, EACH)))
    return found


async def _bare(made: Place, number: int) -> list[float]:
    took: list[float] = []
    names = [f"bare_{position}" for position in range(number)]
    waiting = iter(names)

    async def work() -> None:
        async with connect(made.server.superuser) as connection:
            for name in waiting:
                begin = perf_counter()
                await connection.execute(f"CREATE DATABASE {name} TEMPLATE {FULL} STRATEGY wal_log")
                took.append(perf_counter() - begin)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    async with connect(made.server.superuser) as connection:
        for name in names:
            await connection.execute(f"DROP DATABASE {name}")
    return took
