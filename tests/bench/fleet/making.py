"""From claimed to active, beside bare CREATE DATABASE from the same template, as many at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
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
    """Side by side, round by round; after one that warms up. Dropped is at the end: PostgreSQL writes all that is dirty
    to the disk before, and the next round would begin with that."""
    await many.make(AT_ONCE)
    found = Making([], [])
    for number in range(ROUNDS):
        found.ours.append(median(await many.make(EACH)))
        found.bare.append(median(await _bare(many.place, _names(number))))
    async with connect(many.place.server.superuser) as connection:
        for name in chain.from_iterable(map(_names, range(ROUNDS))):
            await connection.execute(f"DROP DATABASE {name}")
    return found


def _names(number: int) -> list[str]:
    return [f"bare_{number}_{position}" for position in range(EACH)]


async def _bare(made: Place, names: Sequence[str]) -> list[float]:
    took: list[float] = []
    waiting = iter(names)

    async def work() -> None:
        async with connect(made.server.superuser) as connection:
            for name in waiting:
                begin = perf_counter()
                await connection.execute(f"CREATE DATABASE {name} TEMPLATE {FULL} STRATEGY wal_log")
                took.append(perf_counter() - begin)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return took
