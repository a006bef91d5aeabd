"""Whether this process tells the operator itself what is found in it: only where the settings name a way."""

import importlib

from seldesk.clock import Clock
from seldesk.settings import Settings


async def tell_alarms(settings: Settings, clock: Clock) -> None:
    """Until the task is cancelled. Every process does: what is found in one of pages is heard in no other."""
    chosen = settings.alerts
    if chosen.mail or chosen.webhook or chosen.file:
        # By name: what sends mail is more than a process of pages holds without need.
        await importlib.import_module("seldesk.app.alarm_ways").alarms(settings, clock).run()
