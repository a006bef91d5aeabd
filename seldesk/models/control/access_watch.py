"""Looks for staff who come in too often, and for reasons that are given again and again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import structlog

from seldesk.models.control.access import Access
from seldesk.models.control.alert import Alert
from seldesk.models.control.limit import Limit
from seldesk.models.control.staff import Staff
from seldesk.models.limit import Window
from seldesk.surroundings import surroundings

log = structlog.get_logger()
CHECK = "access"
# An alert stands for a week: what was found in one hour must not be gone in the next.
LOOKED_BACK = timedelta(days=7)
MOST, WITHIN = 3, timedelta(hours=1)

# Who tries in vain fills no customer's audit: so many tries of one person are told there.
TURNED_AWAY = Window("access turned away", 20, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class _Start:
    staff: UUID
    email: str
    reason: str
    at: datetime


async def worth_telling(staff: UUID) -> bool:
    """Whether the customer's audit is told of one more try of theirs, which is counted."""
    return await Limit.take(TURNED_AWAY, str(staff))


async def watch() -> None:
    """What was found stands until it is a week old."""
    since = surroundings().now - LOOKED_BACK
    opened = Access.where(Access.opened_at > since).join(Staff, Staff.id == Access.staff_id)
    starts = (
        await opened.order_by(Access.opened_at)
        .limit(10_000)
        .into(_Start, staff=Access.staff_id, email=Staff.email, reason=Access.reason, at=Access.opened_at)
    )
    for subject, detail in await Alert.report(CHECK, [*_often(starts), *_repeated(starts)]):
        log.error("alert", check=CHECK, subject=subject, detail=detail)


def _often(starts: list[_Start]) -> Iterator[tuple[str, str]]:
    by_staff = sorted(starts, key=lambda one: (one.email, one.at))
    for email, theirs in groupby(by_staff, key=lambda one: one.email):
        times = [one.at for one in theirs]
        for first, last in zip(times, times[MOST:], strict=False):
            if last - first < WITHIN:
                yield email, f"More than {MOST} accesses within an hour, on {last.day} {last:%B} at {last:%H:%M} UTC"


def _repeated(starts: list[_Start]) -> Iterator[tuple[str, str]]:
    """The reason itself stays where it was given: it may speak of a customer."""
    by_reason = sorted(starts, key=lambda one: (_bare(one.reason), one.at))
    for _, same in groupby(by_reason, key=lambda one: _bare(one.reason)):
        for again in [*same][1:]:
            when = f"{again.at.day} {again.at:%B} at {again.at:%H:%M} UTC"
            yield again.email, f"Gave a reason that was given before, on {when}"


def _bare(reason: str) -> str:
    return "".join(letter for letter in reason.casefold() if letter.isalnum())
