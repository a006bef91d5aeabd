"""Pictures made in code: what a display or a screen showed, a parcel, a label, a logo."""

import zlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random
from struct import pack

from seldesk.demo.documents import Document

Colour = tuple[int, int, int]

WHITE, INK, GREY, PALE = (255, 255, 255), (32, 36, 44), (150, 156, 166), (236, 238, 242)
RED, BLUE, GREEN = (192, 52, 46), (38, 84, 164), (120, 158, 84)
BOARD, TAPE, TABLE = (186, 146, 98), (214, 190, 150), (96, 92, 90)

# Five rows of three points, each row one octal digit.
GLYPHS = {
    **dict(zip("ABCDEFGHI", "25755 65656 34443 65556 74647 74644 34553 55755 72227".split(), strict=True)),
    **dict(zip("JKLMNOPQR", "11152 55655 44447 57755 65555 25552 65644 25563 65655".split(), strict=True)),
    **dict(zip("STUVWXYZ", "34216 72222 55557 55552 55775 55255 55222 71247".split(), strict=True)),
    **dict(
        zip("0123456789", "75557 26227 71747 71317 55711 74717 74757 71122 75757 75717".split(), strict=True)
    ),
    **dict(
        zip("-.:/!?%+=#", "00700 00002 02020 11244 22202 71202 51245 02720 07070 57575".split(), strict=True)
    ),
}


class Canvas:
    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.width = width
        self.rows = [bytearray(bytes(colour) * width) for _ in range(height)]

    def box(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        right = min(left + width, self.width)
        for row in self.rows[max(top, 0) : top + height]:
            row[3 * left : 3 * right] = bytes(colour) * (right - left)

    def write(self, left: int, top: int, text: str, colour: Colour, size: int = 2) -> None:
        """Text in capitals; what has no glyph leaves a gap."""
        for position, letter in enumerate(text.upper()):
            for down, octal in enumerate(GLYPHS.get(letter, "00000")):
                for across in range(3):
                    x = left + (4 * position + across) * size
                    if int(octal) & (4 >> across) and x + size <= self.width:
                        self.box(x, top + down * size, size, size, colour)

    def png(self) -> bytes:
        head = pack(">IIBBBBB", self.width, len(self.rows), 8, 2, 0, 0, 0)
        data = zlib.compress(b"".join(b"\0" + row for row in self.rows), 9)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def display(name: str, *lines: str) -> Document:
    """The small green display of an office machine."""
    return _picture(name, partial(_display, lines))


def screen(name: str, title: str, *lines: str) -> Document:
    """A window with a message in it, as people send screenshots of errors."""
    return _picture(name, partial(_screen, title, lines))


def parcel(name: str, seed: int) -> Document:
    """A cardboard box on a table, with marks that differ by seed."""
    return _picture(name, partial(_parcel, seed))


def label(name: str, code: str, *lines: str) -> Document:
    """A label with bars, a code and lines."""
    return _picture(name, partial(_label, code, lines))


def bars(name: str, title: str, *values: int) -> Document:
    return _picture(name, partial(_bars, title, values))


def logo(name: str, letters: str, colour: Colour) -> Document:
    return _picture(name, partial(_logo, letters, colour))


def _picture(name: str, draw: Callable[[], Canvas]) -> Document:
    return Document(name, "image/png", partial(_content, draw))


def _content(draw: Callable[[], Canvas], at: datetime) -> bytes:
    return draw().png()


def _display(lines: tuple[str, ...]) -> Canvas:
    canvas = Canvas(420, 60 + 34 * len(lines), (70, 72, 76))
    canvas.box(20, 20, 380, 20 + 34 * len(lines), GREEN)
    for number, line in enumerate(lines):
        canvas.write(36, 34 + 34 * number, line, INK, 4)
    return canvas


def _screen(title: str, lines: tuple[str, ...]) -> Canvas:
    height = 130 + 26 * len(lines)
    canvas = Canvas(640, height, PALE)
    canvas.box(0, 0, 640, 34, BLUE)
    canvas.write(14, 10, title, WHITE, 3)
    canvas.box(24, 56, 36, 36, RED)
    canvas.write(36, 64, "!", WHITE, 4)
    for number, line in enumerate(lines):
        canvas.write(80, 60 + 26 * number, line, INK, 3)
    canvas.box(530, height - 44, 90, 28, GREY)
    canvas.write(560, height - 36, "OK", WHITE, 3)
    return canvas


def _parcel(seed: int) -> Canvas:
    random = Random(seed)
    canvas = Canvas(480, 360, TABLE)
    for row in range(150):
        canvas.box(0, row, 480, 1, (198 - row // 3, 196 - row // 3, 190 - row // 3))
    left, top = random.randint(70, 130), random.randint(70, 110)
    canvas.box(left, top, 280, 200, BOARD)
    canvas.box(left, top + 86, 280, 26, TAPE)
    canvas.box(left + 24, top + 24, 92, 50, WHITE)
    for _ in range(9):
        canvas.box(left + 30 + random.randint(0, 70), top + 30, random.randint(1, 4), 34, INK)
    for step in range(random.randint(30, 70)):
        canvas.box(left + 190 + step, top + 110 + step + random.randint(0, 4), 6, 10, (112, 84, 52))
    return canvas


def _label(code: str, lines: tuple[str, ...]) -> Canvas:
    canvas = Canvas(440, 170 + 24 * len(lines), WHITE)
    random = Random(code)
    x = 24
    while x < 400:
        width = random.choice((2, 2, 4, 6))
        canvas.box(x, 20, width, 80, INK)
        x += width + random.choice((2, 4, 4))
    canvas.write(24, 116, code, INK, 4)
    for number, line in enumerate(lines):
        canvas.write(24, 150 + 24 * number, line, INK, 3)
    return canvas


def _bars(title: str, values: tuple[int, ...]) -> Canvas:
    canvas = Canvas(60 + 48 * len(values), 240, WHITE)
    canvas.write(20, 14, title, INK, 3)
    for number, value in enumerate(values):
        height = 170 * value // max(values)
        canvas.box(30 + 48 * number, 220 - height, 34, height, BLUE)
    canvas.box(20, 220, 20 + 48 * len(values), 2, INK)
    return canvas


def _logo(letters: str, colour: Colour) -> Canvas:
    canvas = Canvas(28 + 24 * len(letters), 54, colour)
    canvas.write(16, 12, letters, WHITE, 6)
    return canvas
