"""Who must come in with a second factor: what owners choose, and what their plan asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import policies
from seldesk.methods.desk.panels import Panel, panel
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
# Whoever wants one; all owners; all who work here.
Demand = Literal["nobody", "owners", "workers"]
# By what the directory of customers says.
CHOSEN: Mapping[str, Demand] = {"": "nobody", "owners": "owners", "workers": "workers"}


@dataclass(frozen=True, slots=True)
class SigningInPage:
    """by_plan: owners need a second factor whatever is chosen. enrolled: the one who looks has one."""

    panel: Panel
    second_factor: Demand
    by_plan: bool
    enrolled: bool


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> SigningInPage:
    """All that the page about signing in shows."""
    around = surroundings()
    chosen = CHOSEN[around.customer.second_factor]
    return SigningInPage(panel(caller), chosen, around.paid, bool(caller.factor))


@rpc.public("settings", kinds=PEOPLE)
async def demand(caller: Caller, second_factor: Demand) -> None:
    """Who must have a second factor. From now on a session without one leads to enrolling one, and nowhere else."""
    around = surroundings()
    wanted = next(kept for kept, name in CHOSEN.items() if name == second_factor)
    await around.operator(policies.demand, customer=around.customer.id, second_factor=wanted)
    around.known_as(replace(around.customer, second_factor=wanted))
    around.trail.knowing(second_factor=second_factor)
