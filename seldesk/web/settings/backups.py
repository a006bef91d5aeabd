"""The copies of this helpdesk: the list, a picture of it, and one more on demand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.control.coverage import Copy, Shelf
from seldesk.methods.desk import backups as methods
from seldesk.methods.desk import sides
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.filled import BLANK, Filled, faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of
from seldesk.web.visit import visit_of

HERE = "/settings/backups"
RULES = {"midday": "Midday", "daily": "Daily", "weekly": "Weekly", "asked": "On demand", "last": "Kept on"}
KINDS = {"asked": "On demand", "safety": "Before a restore"}
PROMISED = 18 * 3600
DAILY, WEEKLY = 14, 10
# The picture: units of its own, stretched to the width there is.
SLOT, GAP, HEIGHT, LEAST = 40, 6, 120, 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One of the places for the 24; without a copy it stands empty."""

    x: int
    y: int
    height: int
    weekly: bool
    copy: Copy | None


async def backups(request: Request) -> Response:
    return await _page(request)


async def ask(request: Request, _: Form) -> Response:
    try:
        await call_of(request)(methods.ask)
    except MENDABLE as error:
        return await _page(request, Filled.refused(error))
    return RedirectResponse(HERE, 303)


async def download(request: Request, form: Form) -> Response:
    try:
        answer = await call_of(request).form(methods.download, form.only("password"))
    except MENDABLE as error:
        told = {name or "download": words for name, words in faults(error).items()}
        return await _page(request, Filled(None, told, error.status))
    if not answer.asked:
        return await _page(request, Filled.wrong_password(answer.wait))
    return RedirectResponse(f"{HERE}#download", 303)


async def beside(request: Request, form: Form) -> Response:
    """A copy of theirs, on the side."""
    try:
        answer = await call_of(request).form(sides.ask, form.only("copy", "password", "writable"))
    except MENDABLE as error:
        told = {f"side-{name}" if name else "side": words for name, words in faults(error).items()}
        return await _page(request, Filled(None, told, error.status))
    if not answer.asked:
        return await _page(request, Filled.wrong_password(answer.wait, name="side-password"))
    return RedirectResponse(f"{HERE}#sides", 303)


async def remove(request: Request, _: Form) -> Response:
    try:
        await call_of(request)(sides.remove, side=id_of(request))
    except MENDABLE as error:
        return await _page(request, Filled(None, {"side": words_of(error)}, error.status))
    return RedirectResponse(f"{HERE}#sides", 303)


async def _page(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    shelf = shown.shelf
    good = [one for one in shelf.copies if one.whole]
    return page(
        request,
        "settings/backups/backups.html",
        **filled.said,
        panel=shown.panel,
        shelf=shelf,
        downloads=shown.downloads,
        sides=shown.sides,
        unsent=shown.unsent,
        address_of=visit_of(request).edge.addresses.customer,
        under_way=shelf.making is not None
        or any(one.state in ("new", "running") for one in shown.downloads)
        or any(one.state == "waiting" for one in shown.sides),
        counted=counted(shelf),
        lost=sum(not one.whole and one.rule in ("daily", "weekly", "last") for one in shelf.copies),
        newest=good[0] if good else None,
        oldest=good[-1] if good else None,
        bars=bars(shelf),
        width=(DAILY + WEEKLY) * (SLOT + GAP) - GAP,
        kind_of=kind_of,
        duration=duration,
        age=age,
        promised=PROMISED,
    )


def counted(shelf: Shelf) -> list[Copy]:
    """Those that are of the 24. One of midday is beyond them, but while it is the only one it is the first of them."""
    whole = [one for one in shelf.copies if one.whole]
    return [one for one in whole if one.rule in ("daily", "weekly", "last")] or whole[:1]


def bars(shelf: Shelf) -> list[Bar]:
    """As high as the copies are large, newest first; those of a rule side by side."""
    whole = counted(shelf)
    largest = max((one.size for one in whole), default=0)
    daily = [one for one in whole if one.rule != "weekly"][:DAILY]
    weekly = [one for one in whole if one.rule == "weekly"][:WEEKLY]
    return [*_row(daily, DAILY, 0, largest), *_row(weekly, WEEKLY, DAILY, largest)]


def _row(copies: Sequence[Copy], places: int, first: int, largest: int) -> list[Bar]:
    row = []
    for place in range(places):
        copy = copies[place] if place < len(copies) else None
        height = LEAST + (HEIGHT - LEAST) * copy.size // max(1, largest) if copy else HEIGHT
        row.append(Bar((first + place) * (SLOT + GAP), HEIGHT - height, height, first > 0, copy))
    return row


def kind_of(copy: Copy) -> str:
    return KINDS.get(copy.kind) or RULES[copy.rule]


def age(since: datetime, now: datetime) -> int:
    """In seconds."""
    return max(0, int((now - since).total_seconds()))


def duration(seconds: int) -> str:
    """The two largest units: 3 d 4 h, 2 h 11 min, 3 min 40 s."""
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    for (name, size), (below, smaller) in pairwise(units):
        if seconds >= size:
            rest = seconds % size // smaller
            return f"{seconds // size} {name}" + (f" {rest} {below}" if rest else "")
    return f"{seconds} s"
