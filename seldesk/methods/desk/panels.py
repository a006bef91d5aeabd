"""What stands on every page of the settings."""

from dataclasses import dataclass

from seldesk.caller import Caller
from seldesk.methods.desk.shapes.people import Me
from seldesk.surroundings import surroundings


@dataclass(frozen=True, slots=True)
class Panel:
    customer: str
    me: Me


def panel(caller: Caller) -> Panel:
    return Panel(surroundings().customer.name, Me.of(caller))
