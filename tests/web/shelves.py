"""The copies of Acme, in the states in which a shelf can be."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import rpc
from seldesk.methods.control.beside import Beside
from seldesk.methods.control.coverage import Attempt, Copy, Making, Shelf
from seldesk.methods.control.downloads import Download
from seldesk.methods.desk import backups, sides, unsent
from seldesk.methods.desk.backups import BackupsPage
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.unsent import Unsent, UnsentPage
from tests.web.story import BO, NOW, ago, id_of

METHODS: list[rpc.Method[..., Any]] = [
    backups.page,
    backups.ask,
    backups.download,
    sides.ask,
    sides.remove,
    unsent.page,
    unsent.send,
    unsent.drop,
]
DAY = timedelta(days=1)
MIDNIGHT = NOW.replace(hour=0, minute=7)


def _copies() -> list[Copy]:
    """24, and the one of midday."""
    ages = [*range(14), *range(20, 90, 7)]
    copies = [
        Copy(
            id_of(f"c{age}"),
            "scheduled",
            "daily" if age < 14 else "weekly",
            MIDNIGHT - age * DAY,
            48_200_000 - 130_000 * age,
            True,
            MIDNIGHT - age * DAY + timedelta(minutes=3),
            None,
            None,
        )
        for age in ages
    ]
    copies[1] = replace(copies[1], restored_at=MIDNIGHT + timedelta(hours=3), restore_seconds=220)
    midday = replace(copies[0], id=id_of("midday"), rule="midday", snapshot_at=ago(hours=2, minutes=11))
    return [midday, *copies]


def shelf(city: str = "Frankfurt") -> Shelf:
    return Shelf(
        _copies(), 24, ago(days=400), ago(days=316), [city, "Amsterdam"], 12, None, None,
        MIDNIGHT + timedelta(hours=3), 220,
    )  # fmt: skip


def downloads() -> list[Download]:
    """One in the making, one to be taken, one that is over and one that failed."""
    rows = [
        ("running", 31_000_000, 0, False, None),
        ("done", 0, 44_100_000, True, ago(hours=-20)),
        ("done", 0, 43_900_000, False, ago(days=2)),
        ("dead", 0, 0, False, None),
    ]
    return [
        Download(id_of(f"d{at}"), state, BO.id, "", made, 0, "acme.dump", size, offered, ago(hours=at * 9), until)
        for at, (state, made, size, offered, until) in enumerate(rows)
    ]


def beside() -> list[Beside]:
    """One that waits, one that is being made, one that is open, one that is over and one that failed."""
    rows: list[tuple[Any, bool, str, bool]] = [
        ("waiting", False, "", False),
        ("waiting", True, "equal", True),
        ("open", True, "", True),
        ("done", True, "", False),
        ("failed", True, "", False),
    ]
    return [
        Beside(
            id_of(f"s{at}"), MIDNIGHT - at * DAY, state, begun, step, f"acme--0000000{at}", writable, ago(hours=at),
            ago(days=-6) if state == "open" else None,
        )
        for at, (state, begun, step, writable) in enumerate(rows)
    ]  # fmt: skip


def held(panel: Panel, subject: str = "The printer smokes", number: int = 3) -> UnsentPage:
    about: list[tuple[str, str, str | None]] = [
        ("reply", "cleo@cleo.example", subject),
        ("notification", "ann@acme.example", subject),
        ("invitation", "", None),
    ]
    rows = [
        Unsent(id_of(f"u{at}"), kind, recipient, 4180 if said else None, said, ago(hours=3 + at))
        for at, (kind, recipient, said) in enumerate(about * (number // 3))
    ]
    return UnsentPage(panel, rows, "next" if number > 3 else None, None)


def page(panel: Panel, city: str = "Frankfurt") -> BackupsPage:
    return BackupsPage(panel, shelf(city), downloads(), beside()[2:4], 3)


def empty(panel: Panel) -> BackupsPage:
    """Signed up an hour ago."""
    since = ago(hours=1)
    bare = replace(shelf(), copies=[], since=since, complete_at=since + 84 * DAY, restored_at=None)
    return BackupsPage(panel, replace(bare, restore_seconds=None, hours=90), [], [], 0)


def full(panel: Panel) -> BackupsPage:
    """A bad day: one store has lost two, one was asked for and is being made, and the last try came to one store."""
    copies = [replace(one, whole=at not in (3, 9), size=9 * 10**11) for at, one in enumerate(_copies())]
    copies[0] = replace(copies[0], kind="asked", rule="asked")
    making = Making("", 31_000_000, ago(minutes=2), begun=True)
    return BackupsPage(
        panel, replace(shelf("Llanfairpwllgwyngyll"), copies=copies, making=making), downloads() * 3, beside(), 1000
    )


def failed(panel: Panel, replicas: int) -> BackupsPage:
    copies = [one for one in _copies() if one.snapshot_at < ago(hours=20)][:9]
    attempt = Attempt(ago(minutes=40), replicas, "StoreUnavailable")
    return BackupsPage(panel, replace(shelf(), copies=copies, attempt=attempt, complete_at=ago(days=-70)), [], [], 0)
