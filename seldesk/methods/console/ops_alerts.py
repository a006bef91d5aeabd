"""What checks have found and nobody has mended yet."""

from dataclasses import dataclass

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.control.alerts import AlertRow
from seldesk.models import control as models


@dataclass(frozen=True, slots=True)
class Found:
    """So many alerts of one check."""

    check: str
    number: int


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """checks are those that have found anything, the one with the most first."""

    frame: Frame
    checks: list[Found]
    items: list[AlertRow]
    next: str | None
    previous: str | None


@rpc.public("console.alerts", kinds=(rpc.Kind.STAFF,), realm="control", reads=True)
async def page(caller: Caller, check: rpc.Line | None = None, cursor: str | None = None) -> AlertsPage:
    """All that the page of alerts shows, the oldest first: of all checks, or of one."""
    checks = await models.overview.alerts_by_check(Found)
    found = await models.overview.page_of_alerts(AlertRow, check or "", cursor)
    return AlertsPage(frame(caller), checks, found.items, found.next, found.previous)
