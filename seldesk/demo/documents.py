"""Attachments made in code: PDF, CSV, text, calendar. The same moment gives the same bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

FONTS = {"text": "Helvetica", "title": "Helvetica-Bold", "table": "Courier"}
SIZES = {"text": 10, "title": 16, "table": 10}
LINES_ON_A_PAGE = 46

Line = tuple[str, str]
Item = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is made for the moment at which it is sent, so that the dates in it fit."""

    name: str
    type: str
    make: Callable[[datetime], bytes] = field(repr=False)

    def content(self, at: datetime) -> bytes:
        return self.make(at)


def invoice(number: str, seller: str, buyer: str, *items: Item, currency: str = "EUR", days: int = 9) -> Document:
    """An invoice dated `days` before it is sent; an item is what, how many, price of one."""
    make = partial(_invoice, number, seller, buyer, items, currency, days)
    return Document(f"invoice-{number}.pdf", "application/pdf", make)


def letter(name: str, title: str, *lines: str) -> Document:
    """One or more pages of plain lines under a title and the date."""
    return Document(name, "application/pdf", partial(_letter, title, lines))


def table(name: str, *rows: str) -> Document:
    """A CSV file; `{day}` becomes the date, one day earlier for each row further down."""
    return Document(name, "text/csv", partial(_table, rows))


def log(name: str, *lines: str, minutes: int = 25) -> Document:
    """A text file; each line is given a time, beginning `minutes` before it is sent."""
    return Document(name, "text/plain", partial(_log, lines, minutes))


def plain(name: str, *lines: str) -> Document:
    return Document(name, "text/plain", lambda at: "\r\n".join((*lines, "")).encode())


def meeting(
    name: str,
    title: str,
    place: str,
    *,
    days: int,
    hour: int,
    minutes: int = 60,
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4),
) -> Document:
    """A calendar entry at least `days` after it is sent, on the next of the weekdays (0 is Monday)."""
    return Document(name, "text/calendar", partial(_meeting, title, place, days, hour, minutes, weekdays))


def pdf(lines: list[Line]) -> bytes:
    """A4 pages of left-aligned lines, each of a style in FONTS. Letters outside Windows-1252 become `?`."""
    pages = [lines[at : at + LINES_ON_A_PAGE] for at in range(0, len(lines), LINES_ON_A_PAGE)] or [[]]
    fonts = " ".join(f"/{style} {number} 0 R" for number, style in enumerate(FONTS, start=3))
    first = 3 + len(FONTS)
    kids = " ".join(f"{first + 2 * page} 0 R" for page in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>".encode()
            for font in FONTS.values()
        ),
    ]
    for page, written in enumerate(pages):
        drawn = _drawn(written)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << {fonts} >> >> "
            f"/Contents {first + 2 * page + 1} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    return _file(objects)


def _drawn(lines: list[Line]) -> bytes:
    parts = [b"BT 56 780 Td 15.5 TL"]
    for style, text in lines:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        parts.append(f"/{style} {SIZES[style]} Tf ({escaped}) Tj T*".encode("cp1252", "replace"))
    return b"\n".join([*parts, b"ET"])


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    size = len(objects) + 1
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def _invoice(
    number: str, seller: str, buyer: str, items: tuple[Item, ...], currency: str, days: int, at: datetime
) -> bytes:
    day = at - timedelta(days=days)
    net = sum((count * Decimal(price) for _, count, price in items), Decimal(0))
    tax = (net * 25 / 100).quantize(Decimal("0.01"))
    lines = [
        ("title", f"Invoice {number}"),
        ("text", ""),
        ("text", f"From: {seller}"),
        ("text", f"To: {buyer}"),
        ("text", f"Date: {day:%Y-%m-%d}    Due: {day + timedelta(days=30):%Y-%m-%d}"),
        ("text", ""),
        ("table", f"{'Item':<44}{'Qty':>5}{'Price':>12}{'Sum':>12}"),
        *(
            ("table", f"{what[:43]:<44}{count:>5}{Decimal(price):>12.2f}{count * Decimal(price):>12.2f}")
            for what, count, price in items
        ),
        ("table", "-" * 73),
        ("table", f"{'Net':<61}{net:>12.2f}"),
        ("table", f"{'VAT 25 %':<61}{tax:>12.2f}"),
        ("table", f"{'Total ' + currency:<61}{net + tax:>12.2f}"),
    ]
    return pdf(lines)


def _letter(title: str, lines: tuple[str, ...], at: datetime) -> bytes:
    head = [("title", title), ("text", ""), ("text", f"{at:%Y-%m-%d}"), ("text", "")]
    return pdf([*head, *(("text", line) for line in lines)])


def _table(rows: tuple[str, ...], at: datetime) -> bytes:
    dated = (row.replace("{day}", f"{at - timedelta(days=number):%Y-%m-%d}") for number, row in enumerate(rows))
    return "\r\n".join((*dated, "")).encode()


def _log(lines: tuple[str, ...], minutes: int, at: datetime) -> bytes:
    start = at - timedelta(minutes=minutes)
    stamped = (
        f"{start + timedelta(seconds=37 * number):%Y-%m-%d %H:%M:%S} {line}" for number, line in enumerate(lines)
    )
    return "\n".join((*stamped, "")).encode()


def _meeting(
    title: str, place: str, days: int, hour: int, minutes: int, weekdays: tuple[int, ...], at: datetime
) -> bytes:
    begin = (at + timedelta(days=days)).replace(hour=hour, minute=0, second=0)
    while begin.weekday() not in weekdays:
        begin += timedelta(days=1)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Example Calendar//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{at:%Y%m%dT%H%M%S}@calendar.example",
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{begin:%Y%m%dT%H%M%SZ}",
        f"DTEND:{begin + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{title}",
        f"LOCATION:{place}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "\r\n".join((*lines, "")).encode()
