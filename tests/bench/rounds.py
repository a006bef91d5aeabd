"""Ours, the limit and a peer side by side, round by round."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.bench import load
from tests.bench.arithmetic import ENOUGH, Ratio, p99, percentile, pooled, ratio
from tests.bench.checking import count, still
from tests.bench.load import Sample
from tests.bench.operations import Operation
from tests.bench.place import Place

OURS, LIMIT = "seldesk", "limit"
MANY = 16
LONGEST = 30  # seconds of a run that is repeated because nothing was answered, and of one that may be slow


@dataclass(frozen=True, slots=True)
class Plan:
    """seconds of each run; enough says whether each is as long as its p99 needs, single whether c=1 is run too, paced
    how many rounds the open loop has."""

    rounds: int
    seconds: float
    enough: bool
    single: bool
    paced: int


QUICK = Plan(rounds=3, seconds=1, enough=False, single=False, paced=1)
FULL = Plan(rounds=3, seconds=5, enough=True, single=True, paced=3)


@dataclass(frozen=True, slots=True)
class Door:
    """Where one of those compared listens. What has operations of its own may be too slow to have a p99."""

    ports: Sequence[int]
    own: Mapping[str, Operation] | None = None

    def operation(self, ours: Operation) -> Operation | None:
        """What it is asked for the same; None when it has nothing of the kind."""
        return ours if self.own is None else self.own.get(ours.name)


@dataclass(slots=True)
class Measured:
    """One operation at one number of connections."""

    operation: Operation
    connections: int
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    statements: dict[str, float] = field(default_factory=dict)

    @property
    def order(self) -> list[str]:
        """Whom it was asked of, ours and the limit first."""
        return sorted(self.samples, key=lambda who: ((OURS, LIMIT).index(who) if who in (OURS, LIMIT) else 2, who))

    def ratio(self, other: str) -> Ratio:
        """Ours to the other's, in requests per second."""
        return ratio(*([sample.rate for sample in self.samples[who]] for who in (OURS, other)))

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
    place: Place, plan: Plan, operations: Sequence[Operation], doors: Mapping[str, Door], told: Callable[[str], None]
) -> list[Measured]:
    """Each round runs everything; who goes first changes by chance, and what writes comes last."""
    chance = random.Random(11)
    found = [Measured(one, many) for many in ((1, MANY) if plan.single else (MANY,)) for one in operations]
    for round_ in range(plan.rounds):
        for measured in found:
            told(f"round {round_ + 1} of {plan.rounds}: {measured.operation.name}, {measured.connections} at once")
            for who in chance.sample(sorted(doors), len(doors)):
                door = doors[who]
                if operation := door.operation(measured.operation):
                    before = count(place, operation)
                    seen = sample(plan, operation, door.ports, measured.connections, slow=door.own is not None)
                    still(place, operation, door.ports[0], before, seen.requests - seen.failed)
                    measured.samples.setdefault(who, []).append(seen)
    return found


def sample(plan: Plan, operation: Operation, ports: Sequence[int], connections: int, *, slow: bool = False) -> Sample:
    """One run after a short one that warms up, and longer where the slowest hundredth needs it."""

    def run(seconds: float) -> Sample:
        found = load.run(operation.requests, ports, connections, seconds)
        load.drain(ports)
        return found

    seconds, warm = plan.seconds, run(1)
    if plan.enough:
        seconds = max(seconds, 1.2 * ENOUGH / max(warm.rate, 1))
    if slow:
        seconds = min(seconds, LONGEST)
    found = run(seconds)
    if plan.enough and found.requests < ENOUGH and not slow:
        found = run(1.5 * seconds * ENOUGH / max(found.requests, 1))
    while not found.requests and seconds < LONGEST:  # a machine that is busy elsewhere
        seconds *= 2
        found = run(seconds)
    return accepted(operation, found)


def accepted(operation: Operation, found: Sample) -> Sample:
    """RuntimeError when nothing was answered, or one in a hundred wrongly."""
    if found.failed * 100 > found.requests or not found.requests:
        raise RuntimeError(f"{operation.name}: {found.failed} of {found.requests} requests failed.")
    return found
