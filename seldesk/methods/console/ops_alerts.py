"""What checks have found and nobody has mended yet."""

from dataclasses import dataclass

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.control.alerts import AlertRow
from seldesk.models import control as models


@dataclass(frozen=True, slots=True)
class AlertsPage:
    frame: Frame
    alerts: list[AlertRow]


@rpc.public("console.alerts", kinds=(rpc.Kind.STAFF,), realm="control", reads=True)
async def page(caller: Caller) -> AlertsPage:
    """All that the page of alerts shows, the oldest first."""
    return AlertsPage(frame(caller), await models.overview.listed_alerts(models.Alert.query(), AlertRow))
