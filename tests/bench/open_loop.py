"""How long answers take at half of what the slower one can do.

At its capacity each is asked only as fast as it answers, which hides what waits. Here both are asked for the same.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench import load, pacing
from tests.bench.arithmetic import ENOUGH, percentile, pooled
from tests.bench.checking import count, still
from tests.bench.place import Place
from tests.bench.rounds import LIMIT, LONGEST, MANY, OURS, Door, Measured, Plan, accepted

SHARE = 0.5
TIMED = ("queue page", "ticket page", "search, mid", "create", "reply")
PUNCTUAL = 1.0  # milliseconds that the slowest hundredth of requests may leave too late


@dataclass(slots=True)
class Paced(Measured):
    """So many requests a second were due, whoever was asked."""

    due: float = 0.0

    def late(self, who: str) -> float:
        """Milliseconds, of the hundredth that left latest."""
        return percentile(pooled([sample.late for sample in self.samples[who]]), 0.99)

    def cpu(self, who: str) -> float:
        """The sender's own share of one processor, at its most."""
        return max(sample.cpu for sample in self.samples[who])

    def decided(self, who: str) -> bool:
        """Whether the sender kept its times: else what it saw is partly its own."""
        return self.late(who) <= PUNCTUAL


def measure(
    place: Place, plan: Plan, capacities: Iterable[Measured], doors: Mapping[str, Door], told: Callable[[str], None]
) -> list[Paced]:
    """Each round runs everything; who goes first changes by chance, and what writes comes last."""
    chance, known = random.Random(13), {one.operation.name: one for one in capacities if one.connections == MANY}
    found = [Paced(known[name].operation, MANY, due=half(known[name])) for name in TIMED]
    for round_ in range(plan.paced):
        for paced in found:
            told(f"round {round_ + 1} of {plan.paced}: {paced.operation.name}, {paced.due:.0f} a second")
            for who in chance.sample((OURS, LIMIT), 2):
                before, ports = count(place, paced.operation), doors[who].ports
                seen = _sample(plan, paced, ports)
                still(place, paced.operation, ports[0], before, seen.requests - seen.failed)
                paced.samples.setdefault(who, []).append(seen)
    return found


def half(capacity: Measured) -> float:
    """Requests a second that both can answer with ease."""
    return SHARE * min(capacity.rate(who) for who in (OURS, LIMIT))


def _sample(plan: Plan, paced: Paced, ports: Sequence[int]) -> load.Sample:
    operation = paced.operation
    load.run(operation.requests, ports, MANY, 1)
    load.drain(ports)
    number = min(max(ENOUGH, paced.due * plan.seconds), paced.due * LONGEST)
    found = pacing.run(operation, ports, MANY, paced.due, round(number))
    load.drain(ports)
    return accepted(operation, found)


def figures(found: Iterable[Paced]) -> dict[str, float]:
    """Ours, where the sender kept its times."""
    told: dict[str, float] = {}
    for one in found:
        if one.decided(OURS):
            told[f"{one.operation.figure}_open_p50_ms"] = one.p50(OURS)
            if (slowest := one.p99(OURS)) is not None:
                told[f"{one.operation.figure}_open_p99_ms"] = slowest
    return told
