"""What happened to security, day by day."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from seldesk.methods.console import ops_security
from seldesk.methods.console.ops_security import SecurityPage
from seldesk.web.credential import call_of
from seldesk.web.render import page

# What is counted -> what it is called.
EVENTS = {"refused sign-in": "Refused sign-ins", "lockout": "Lockouts", "refusal": "Refusals"}


@dataclass(slots=True)
class Day:
    """counts are by what it was; share is of the day with the most, in per cent."""

    day: datetime
    customers: Counter[str] = field(default_factory=Counter)
    staff: Counter[str] = field(default_factory=Counter)
    share: int = 0

    @property
    def total(self) -> int:
        return self.customers.total() + self.staff.total()


async def shown(request: Request) -> Response:
    found = await call_of(request)(ops_security.page)
    days = _days(found)
    return page(request, "console/security.html", frame=found.frame, shown=found, days=days, EVENTS=EVENTS)


def _days(found: SecurityPage) -> list[Day]:
    """The newest first, those without anything too."""
    days = {(day := found.since + timedelta(days=at)): Day(day) for at in range(14)}
    for one in found.days:
        if one.day in days:
            counted = days[one.day]
            (counted.staff if one.staff else counted.customers)[one.what] += one.count
    most = max(day.total for day in days.values()) or 1
    for counted in days.values():
        counted.share = round(100 * counted.total / most)
    return [*days.values()][::-1]
