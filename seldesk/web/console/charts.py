"""Pictures of figures, drawn here: where each bar stands and how high it is."""

from collections.abc import Sequence
from dataclasses import dataclass

# Of the picture in units of its own; it is stretched to the width that there is.
SLOT, HEIGHT, GAP, LEAST = 40, 120, 8, 2


@dataclass(frozen=True, slots=True)
class Column:
    """One bar with its words; look is a class of the style sheet, label "" where none fits below it."""

    words: str
    value: int
    x: int
    y: int
    height: int
    label: str
    look: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A picture of bars side by side. says is the whole of it in a sentence, for those who do not see it."""

    bars: list[Column]
    width: int
    says: str


def columns(figures: Sequence[tuple[str, int, str, str]], says: str) -> Columns:
    """figures -- words, value, label below it, and look of each"""
    most = max((value for _, value, _, _ in figures), default=0) or 1
    bars = []
    for at, (words, value, label, look) in enumerate(figures):
        height = max(round(value / most * HEIGHT), LEAST) if value else 0
        bars.append(Column(words, value, at * SLOT + GAP // 2, HEIGHT - height, height, label, look))
    return Columns(bars, len(bars) * SLOT, says)


def share(value: float, of: float) -> int:
    """In hundredths: a bar that is full is 100 wide. What is there at all can be seen."""
    if value <= 0 or of <= 0:
        return 0
    return max(1, min(100, round(value / of * 100)))
