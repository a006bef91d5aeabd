"""`scripts/bench backup`: what copies that are proven cost, beside the bare tools in the same run."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from seldesk.models.control.copy import AGAIN
from seldesk.models.control.keeping import COMPLETE_AFTER
from tests.acceptance.processes import running
from tests.bench import filling
from tests.bench.arithmetic import Ratio
from tests.bench.backup.large import copying, restoring
from tests.bench.backup.night import night
from tests.bench.fleet.many import many
from tests.bench.place import Place, place
from tests.models.control.simulated import DAY, HOUR, START, of_the_24, oldest, shelves, worst_age

WANTED = {
    "copy_ratio": "<= 2",
    "restore_ratio": "<= 1.5",
    "night_ratio": ">= 0.5",
    "peak_mb": "<= 100",
    "worst_age_h": "<= 18",
    "copies_kept": "24",
    "oldest_days": "<= 90",
}
# Tickets of the large customer, and how many small ones there are.
FULL, QUICK = (200_000, 300), (20_000, 30)
WEEKS, YEARS = 300, 4
FAILURES = 0.07
EACH_BYTES, BESIDE_BYTES = 35_000, 8_000_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """One figure; spread is that of the rounds, load how much else the machine had to do when it was found."""

    name: str
    value: float
    spread: Ratio | None
    load: float


def figures(*, quick: bool, told: Callable[[str], None]) -> Iterator[Found]:
    """As they are found. RuntimeError without room on the disk."""
    tickets, customers = QUICK if quick else FULL
    needed = tickets * EACH_BYTES + BESIDE_BYTES
    if shutil.disk_usage(tempfile.gettempdir()).free < needed:
        raise RuntimeError(f"{needed / 1e9:.0f} GB must be free in {tempfile.gettempdir()}.")
    told("years of copies")
    yield from _kept()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, place(Path(folder)) as made:
        customer = asyncio.run(made.customer("large"))
        filling.fill(made, customer, tickets, told)
        with _provisioner(made) as process:
            told(f"copying {tickets:,} tickets")
            copied, peaks = asyncio.run(copying(made, customer, process))
            yield _found("copy_ratio", copied.ratio)
            yield _found("copy_s", min(copied.ours))
            yield _found("peak_mb", peaks.sealing)
            yield _found("provisioner_mb", peaks.beside)
            told(f"restoring {tickets:,} tickets")
            restored = asyncio.run(restoring(made, customer))
            yield _found("restore_ratio", restored.ratio)
            yield _found("restore_s", min(restored.ours))
            yield _found("night_ratio", asyncio.run(_night(made, customers, told)))


async def _night(made: Place, number: int, told: Callable[[str], None]) -> Ratio:
    async with many(made, told) as fleet:
        return await night(fleet, number)


@contextmanager
def _provisioner(made: Place) -> Iterator[int]:
    """`seldesk provision`, as it runs beside an installation; its id."""
    with running("provision", given=made.given, log=made.home / "provision.log") as process:
        yield process.pid


def _kept() -> Iterator[Found]:
    """With copies that are missed or bad, but without outages, from the day on from which all should be there."""
    yield _found("worst_age_h", max(worst_age(FAILURES, AGAIN, week) for week in range(WEEKS)) / HOUR)
    seen = [
        (of_the_24(shelf), oldest(shelf, now) / DAY)
        for seed in range(YEARS)
        for now, shelf in shelves(800, seed)
        if now - START > COMPLETE_AFTER
    ]
    yield _found("copies_kept", min(kept for kept, _ in seen))
    yield _found("oldest_days", max(age for _, age in seen))


def _found(name: str, value: float | Ratio) -> Found:
    load = os.getloadavg()[0]
    return Found(name, value.median, value, load) if isinstance(value, Ratio) else Found(name, value, None, load)
