"""`scripts/bench access`: what it costs that everything is written down, and how fast who must go is gone."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

import uvloop

from tests.bench.access import acting, incidents
from tests.bench.access.chaining import chaining
from tests.bench.access.console import console
from tests.bench.access.revoking import revoking
from tests.bench.arithmetic import Ratio
from tests.bench.place import Customer, Place, place

Details = dict[str, Ratio | float]


def figures(*, quick: bool, told: Callable[[str], None]) -> tuple[dict[str, float], Details]:
    """The figures, and of those that are made of several what they are made of."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        place(Path(folder)) as made,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        told("making a customer")
        customer = runner.run(made.customer("acme"))
        return runner.run(_measured(made, customer, told, quick=quick))


async def _measured(
    made: Place, customer: Customer, told: Callable[[str], None], *, quick: bool
) -> tuple[dict[str, float], Details]:
    told("chained and unchained rows")
    ratio = await chaining(made, customer, rounds=3 if quick else 9, seconds=1.5 if quick else 4.0)
    found: dict[str, float] = {"audit_per_s_ratio": ratio.median}
    details: Details = {"audit_per_s_ratio": ratio}
    told("revoking")
    times = await revoking(made, customer)
    told("a thousand calls of staff")
    acted = await acting.figures()
    times["staff access"] = acted.pop("staff_access_s")
    found |= acted
    found["revocation_s"] = max(times.values())
    details |= {f"revocation_s {way}": seconds for way, seconds in times.items()}
    told("pages of the console beside 10,000 customers")
    pages = await console()
    found["console_sql"] = max(one.statements for one in pages.values())
    found["console_rows"] = max(one.rows for one in pages.values())
    found["console_ms"] = max(one.milliseconds for one in pages.values())
    for path, one in pages.items():
        details[f"console_sql {path}"], details[f"console_rows {path}"] = one.statements, one.rows
        details[f"console_ms {path}"], details[f"console_kb {path}"] = one.milliseconds, one.bytes / 1000
    told("an incident, and a worker that is killed five times")
    found |= await incidents.figures(quick)
    return found, details
