"""Ours and the limit side by side, round by round."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.bench import load
from tests.bench.arithmetic import ENOUGH, Ratio, p99, percentile, pooled, ratio
from tests.bench.load import Sample
from tests.bench.operations import Operation

OURS, LIMIT = "seldesk", "limit"
MANY = 16
LONGEST = 30  # seconds of a run that is repeated because nothing was answered


@dataclass(frozen=True, slots=True)
class Plan:
    """seconds of each run; enough says whether each is as long as its p99 needs, single whether c=1 is run too."""

    rounds: int
    seconds: float
    enough: bool
    single: bool


QUICK = Plan(rounds=3, seconds=1, enough=False, single=False)
FULL = Plan(rounds=3, seconds=5, enough=True, single=True)


@dataclass(slots=True)
class Measured:
    """One operation at one number of connections."""

    operation: Operation
    connections: int
    samples: dict[str, list[Sample]] = field(default_factory=lambda: {OURS: [], LIMIT: []})
    statements: float | None = None

    @property
    def ratio(self) -> Ratio:
        return ratio(*([sample.rate for sample in self.samples[who]] for who in (OURS, LIMIT)))

    def rate(self, who: str) -> float:
        return median(sample.rate for sample in self.samples[who])

    def p50(self, who: str) -> float:
        return percentile(pooled([sample.latency for sample in self.samples[who]]), 0.5)

    def p99(self, who: str) -> float | None:
        return p99(pooled([sample.latency for sample in self.samples[who]]))

    def bytes(self, who: str) -> float:
        samples = self.samples[who]
        return sum(sample.bytes for sample in samples) / max(sum(sample.requests for sample in samples), 1)


def measure(
    plan: Plan, operations: Sequence[Operation], doors: Mapping[str, Sequence[int]], told: Callable[[str], None]
) -> list[Measured]:
    """Each round runs everything; who goes first changes by chance, and what writes comes last."""
    chance = random.Random(11)
    found = [Measured(one, many) for many in ((1, MANY) if plan.single else (MANY,)) for one in operations]
    for round_ in range(plan.rounds):
        for measured in found:
            told(f"round {round_ + 1} of {plan.rounds}: {measured.operation.name}, {measured.connections} at once")
            for who in chance.sample((OURS, LIMIT), 2):
                measured.samples[who].append(sample(plan, measured.operation, doors[who], measured.connections))
    return found


def sample(plan: Plan, operation: Operation, ports: Sequence[int], connections: int) -> Sample:
    """One run after a short one that warms up, and longer where the slowest hundredth needs it."""
    seconds = plan.seconds
    warm = load.run(operation.requests, ports, connections, 1)
    if plan.enough:
        seconds = max(seconds, 1.2 * ENOUGH / max(warm.rate, 1))
    found = load.run(operation.requests, ports, connections, seconds)
    if plan.enough and found.requests < ENOUGH:
        found = load.run(operation.requests, ports, connections, 1.5 * seconds * ENOUGH / max(found.requests, 1))
    while not found.requests and seconds < LONGEST:  # a machine that is busy elsewhere
        seconds *= 2
        found = load.run(operation.requests, ports, connections, seconds)
    if found.failed * 100 > found.requests or not found.requests:
        raise RuntimeError(f"{operation.name}: {found.failed} of {found.requests} requests failed.")
    return found
