"""In which fonts a report is set, and how its text is broken into lines: what one font has not another may have.

DejaVu has the Latin, Greek and Cyrillic letters, and is part of the file. Chinese, Japanese and Korean ones are set by
a name that every reader of PDF knows, and are not: such a font has 10 MB. What is written from right to left, or joined
while it is written, would have to be shaped; these letters are a question mark here, and whole in the HTML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from threading import Lock
from unicodedata import bidirectional, normalize

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

from seldesk.resources import folder

REGISTERING = Lock()
TEXT, BOLD = "DejaVuSans", "DejaVuSans-Bold"
JAPANESE, CHINESE, KOREAN = "HeiseiKakuGo-W5", "STSong-Light", "HYGothic-Medium"
KANA, HANGUL = re.compile("[\u3040-\u30ff\uff66-\uff9f]"), re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
EASTERN = "\u1100-\u11ff\u2e80-\u2fdf\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
# What stands together on a line: a word with the spaces after it, or one letter where words have no spaces.
PIECE = re.compile(f"[{EASTERN}]\\s*|[^\\s{EASTERN}]+\\s*|\\s+")
IS_EASTERN = re.compile(f"[{EASTERN}]")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one font."""

    text: str
    font: str

    def width(self, size: float) -> float:
        return float(pdfmetrics.stringWidth(self.text, self.font, size))


def register() -> None:
    """Once for a process: reports are written in threads side by side."""
    with REGISTERING:
        if TEXT not in pdfmetrics.getRegisteredFontNames():
            _register()


def _register() -> None:
    for name in (JAPANESE, CHINESE, KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    for name in (BOLD, TEXT):
        pdfmetrics.registerFont(TTFont(name, folder("static") / "vendor" / "dejavu" / f"{name}.ttf"))


def lines(text: str, font: str, size: float, room: float) -> Iterator[list[Run]]:
    """What fits into so much room, each line as runs. An empty text is one empty line."""
    eastern, line, used = _eastern(text), "", 0.0
    for piece in _pieces(normalize("NFC", text), font, eastern, size, room):
        if line and used + _width(piece.rstrip(), font, eastern, size) > room:
            yield runs(line.rstrip(), font, eastern)
            line, used = "", 0.0
        line, used = line + piece, used + _width(piece, font, eastern, size)
    yield runs(line.rstrip(), font, eastern)


def runs(text: str, font: str, eastern: str | None = None) -> list[Run]:
    chosen = eastern or _eastern(text)
    known = pdfmetrics.getFont(font).face.charToGlyph
    set_in = [one for letter in text if (one := _letter(letter, known, font, chosen))]
    return [Run("".join(letter for letter, _ in same), name) for name, same in groupby(set_in, key=lambda one: one[1])]


def _letter(letter: str, known: dict[int, int], font: str, eastern: str) -> tuple[str, str] | None:
    """With its font; None for what cannot be seen."""
    if IS_EASTERN.match(letter):
        return letter, eastern
    if ord(letter) in known and bidirectional(letter) not in ("R", "AL"):
        return letter, font
    if letter.isspace():
        return " ", font
    return ("?", font) if letter.isprintable() else None


def _eastern(text: str) -> str:
    """Chinese letters look different in each of these languages: whatever else stands in a text tells which it is."""
    return JAPANESE if KANA.search(text) else KOREAN if HANGUL.search(text) else CHINESE


def _pieces(text: str, font: str, eastern: str, size: float, room: float) -> Iterator[str]:
    for piece in PIECE.findall(text):
        if _width(piece.rstrip(), font, eastern, size) > room:
            yield from piece
        else:
            yield piece


def _width(text: str, font: str, eastern: str, size: float) -> float:
    return sum(run.width(size) for run in runs(text, font, eastern))
