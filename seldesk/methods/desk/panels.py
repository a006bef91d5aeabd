"""What stands on every page of the settings."""

from dataclasses import dataclass

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.shapes.people import Me
from seldesk.surroundings import surroundings


@dataclass(frozen=True, slots=True)
class Panel:
    customer: str
    me: Me


def panel(caller: Caller) -> Panel:
    return Panel(surroundings().customer.name, Me.of(caller))


@rpc.public("tickets.read", kinds=(rpc.Kind.PERSON,), reads=True)
async def home(caller: Caller) -> Panel:
    """Who asks, and what they may: where the settings begin for them."""
    return panel(caller)
