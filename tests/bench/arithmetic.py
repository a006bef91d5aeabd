"""Percentiles, ratios and their spread."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

ENOUGH = 1_000  # requests without which nothing is said about the slowest hundredth


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of what each round says, with the lowest and the highest: never a ratio of medians."""

    median: float
    lowest: float
    highest: float


# One that was found in rounds comes with its spread.
Figure = float | Ratio


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """By rounds: each compares what was measured side by side."""
    return spread([one / other for one, other in zip(ours, theirs, strict=True)])


def spread(each: Sequence[float]) -> Ratio:
    return Ratio(median(each), min(each), max(each))


def verdict(wanted: str, value: float, spread: Ratio | None = None) -> str:
    """Whether a goal such as ">= 0.5" or "0" is reached; undecided where some rounds reach it and others do not."""
    if not wanted:
        return ""
    bounds = (spread.lowest, spread.highest) if spread else (value, value)
    if _reaches(wanted, bounds[0]) != _reaches(wanted, bounds[1]):
        return "undecided"
    return "reached" if _reaches(wanted, value) else "missed"


def _reaches(wanted: str, value: float) -> bool:
    sign, _, goal = wanted.rpartition(" ")
    return {">=": value >= float(goal), "<=": value <= float(goal), "": value == float(goal)}[sign]


def percentile(latency: Counter[int], share: float) -> float:
    """Milliseconds within which this share of the requests was answered."""
    values = sorted(latency)
    wanted = share * latency.total()
    reached = accumulate(latency[value] for value in values)
    return next((value for value, sum_ in zip(values, reached, strict=True) if sum_ >= wanted), 0) / 1000


def pooled(latencies: Sequence[Counter[int]]) -> Counter[int]:
    return sum(latencies, Counter())


def p99(latency: Counter[int]) -> float | None:
    """None where too few requests were seen to tell."""
    return percentile(latency, 0.99) if latency.total() >= ENOUGH else None
