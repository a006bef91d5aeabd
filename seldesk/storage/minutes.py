"""What a probe found, minute by minute: files of its own, which no database is needed for."""

import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

MINUTES = 24 * 60
UNKNOWN, GOOD, BAD = b"\0", b"+", b"-"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UP = bytes(one == GOOD[0] for one in range(256))
_DOWN = bytes(one == BAD[0] for one in range(256))


@dataclass(frozen=True, slots=True)
class Measured:
    """How many minutes were good and bad; those that nobody measured are neither."""

    good: int = 0
    bad: int = 0

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(self.good + other.good, self.bad + other.bad)

    @property
    def share(self) -> float | None:
        """Of the minutes that were measured those that were good; None where there are none."""
        return self.good / (self.good + self.bad) if self.good or self.bad else None


class Minutes:
    """A folder for each component, in it a file for each day, in it a byte for each minute of UTC."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def note(self, component: str, at: datetime, *, good: bool) -> None:
        place = self.folder / component / f"{at:%Y-%m-%d}"
        place.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(place, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(file, GOOD if good else BAD, at.hour * 60 + at.minute)
        finally:
            os.close(file)

    def components(self) -> list[str]:
        """Those that were ever measured."""
        return sorted(one.name for one in self.folder.iterdir() if one.is_dir()) if self.folder.is_dir() else []

    def day(self, component: str, day: date) -> bytes:
        try:
            found = (self.folder / component / f"{day:%Y-%m-%d}").read_bytes()
        except FileNotFoundError:
            found = b""
        return found[:MINUTES].ljust(MINUTES, UNKNOWN)

    def measured(self, day: date, *components: str) -> Measured:
        """Of all of these together: a minute is bad when one of them was, and good when none was."""
        up = down = 0
        for component in components:
            found = self.day(component, day)
            up |= int.from_bytes(found.translate(_UP))
            down |= int.from_bytes(found.translate(_DOWN))
        return Measured((up & ~down).bit_count(), down.bit_count())

    def forget(self, before: date) -> None:
        """Remove what is older than that day."""
        for component in self.components():
            for file in (self.folder / component).iterdir():
                if _DAY.fullmatch(file.name) and file.name < f"{before:%Y-%m-%d}":
                    file.unlink(missing_ok=True)
