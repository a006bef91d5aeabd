"""Colours as #rrggbb: how well one reads on another (WCAG 2.2, 1.4.3), and the nearest one that does."""

import re
from collections.abc import Sequence

READABLE = 4.5
WHITE, BLACK = "#ffffff", "#000000"
# What text stands on in light and in dark, as css/tokens.css has it.
LIGHT, DARK = ("#ffffff", "#f6f7f9"), ("#0e131b", "#151c27", "#1b2431")
INK = "#0b1020"
FAINT = ("#5f6a7a", "#93a0b4")  # --ink-3, in light and in dark
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 100


def is_colour(text: str) -> bool:
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """With this share of the other colour, from 0 to 1."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def legible(colour: str, grounds: Sequence[str], *, towards: str) -> str:
    """The first colour on the way towards black or white that reads on all of the grounds."""
    for step in range(_STEPS + 1):
        tried = mixed(colour, towards, step / _STEPS)
        if all(contrast(tried, ground) >= READABLE for ground in grounds):
            return tried
    return towards


def tinted(ground: str, colour: str, share: float, faint: str) -> str:
    """The ground with as much of the colour as leaves faint text readable on it."""
    steps = (mixed(ground, colour, share * step / _STEPS) for step in range(_STEPS, 0, -1))
    return next((tried for tried in steps if contrast(faint, tried) >= READABLE), ground)


def ink_on(colour: str) -> str:
    """White or a dark ink, whichever reads better on it."""
    return max(WHITE, INK, key=lambda ink: contrast(ink, colour))


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
