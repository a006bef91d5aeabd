"""Pictures made in code: what a display or a screen showed, a parcel, a label, a logo."""

import zlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random  # noqa: TID251 - marks on a box and bars of a label, no secret
from struct import pack

from seldesk.demo.documents import Document

Colour = tuple[int, int, int]

WHITE, INK, GREY, PALE = (255, 255, 255), (32, 36, 44), (150, 156, 166), (236, 238, 242)
RED, BLUE, GREEN = (192, 52, 46), (38, 84, 164), (120, 158, 84)
RUST, MUSTARD, PURPLE, CLOTH = (164, 74, 42), (204, 160, 52), (132, 62, 110), (150, 176, 206)
BOARD, TAPE, TABLE = (186, 146, 98), (214, 190, 150), (96, 92, 90)

# Five rows of three points for each letter, each row one octal digit.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:/!?%+=#"
ROWS = (
    "25755656563444365556746477464434553557557222711152556554444757755"
    "65555255526564425563656553421672222555575555255775552555522271247"
    "75557262277174771317557117471774757711227575775717"
    "00700000020202011244222027120251245027200707057575"
)
GLYPHS = {letter: ROWS[5 * place : 5 * place + 5] for place, letter in enumerate(LETTERS)}


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


def closeup(name: str, seed: int, colour: Colour) -> Document:
    """Something seen from too near, with a crack or a stain across it."""
    return _picture(name, partial(_closeup, seed, colour))


def things(name: str, *colours: Colour) -> Document:
    """Things of these colours side by side on a table."""
    return _picture(name, partial(_things, colours))


def walls(name: str, *colours: Colour) -> Document:
    """A brick wall for each colour, to compare them."""
    return _picture(name, partial(_walls, colours))


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
    random = Random(seed)  # noqa: S311 - see above
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


def _closeup(seed: int, colour: Colour) -> Canvas:
    random = Random(seed)  # noqa: S311 - see above
    canvas = Canvas(480, 360, colour)
    for row in range(360):
        canvas.box(0, row, 480, 1, _darker(colour, row // 6))
    x, y = random.randint(90, 160), random.randint(60, 120)
    while x < 400 and y < 330:
        canvas.box(x, y, random.randint(3, 12), random.randint(4, 14), _darker(colour, 130))
        x, y = x + random.randint(2, 9), y + random.randint(-4, 8)
    return canvas


def _things(colours: tuple[Colour, ...]) -> Canvas:
    width = 360 // len(colours)
    canvas = Canvas(480, 320, TABLE)
    for number, colour in enumerate(colours):
        left, top = 60 + number * width, 70 + 7 * (number % 2)
        canvas.box(left + 5, top + 6, width - 14, 180, _darker(TABLE, 50))
        canvas.box(left, top, width - 14, 180, colour)
        canvas.box(left, top, 8, 180, _darker(colour, 40))
    return canvas


def _walls(colours: tuple[Colour, ...]) -> Canvas:
    canvas = Canvas(300 * len(colours) - 20, 240, WHITE)
    for number, colour in enumerate(colours):
        for row in range(10):
            for brick in range(5):
                shade = _darker(colour, (row * 7 + brick * 11) % 24)
                canvas.box(300 * number + 52 * brick + 20 * (row % 2), 24 * row, 48, 20, shade)
    return canvas


def _darker(colour: Colour, by: int) -> Colour:
    red, green, blue = (max(part - by, 0) for part in colour)
    return red, green, blue


def _label(code: str, lines: tuple[str, ...]) -> Canvas:
    canvas = Canvas(440, 170 + 24 * len(lines), WHITE)
    random = Random(code)  # noqa: S311 - see above
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
