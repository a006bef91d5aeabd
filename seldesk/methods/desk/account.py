"""The customer as a whole: paused, terminated, taken back. What stands in the control database is written there."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.errors import TooLateToReturn
from seldesk.methods.control import endings
from seldesk.methods.control.endings import Place
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.models.password import Password
from seldesk.offer import Plan, Region
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
ANYBODY = (rpc.Kind.ANONYMOUS,)
PROGRAMS = (rpc.Kind.JOB,)
Reason = Annotated[str, Meta(min_length=1, max_length=200)]
When = Literal["clean-up", "asked", "at once"]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """region is None where it is not known; clean_up is when a customer that left now would be erased, asked the same
    within 30 days. plan is what it has chosen, plans what can be chosen instead, stored how many bytes of its room
    are in use. trial_over: it can only be read until a plan is chosen.
    """

    panel: Panel
    region: Region | None
    places: list[Place]
    name: str
    state: str
    reason: str
    may_resume: bool
    clean_up: datetime
    asked: datetime
    plan: Plan | None
    plans: list[Plan]
    stored: int
    trial_ends_at: datetime | None
    trial_over: bool


@dataclass(frozen=True, slots=True)
class Termination:
    """erased_at is when the data goes. Without it the password was not right; wait is in seconds, 0 for no wait."""

    erased_at: datetime | None = None
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link takes back."""

    name: str
    terminated_at: datetime
    erase_at: datetime


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> AccountPage:
    """All that the page about the account shows."""
    around = surroundings()
    customer, now = around.customer, around.now
    return AccountPage(
        panel(caller),
        around.offer.regions.get(around.customer.region),
        endings.places(),
        customer.name,
        customer.state,
        customer.suspended_for,
        customer.suspended_by == "owner",
        endings.next_clean_up(now),
        now + endings.ASKED,
        around.plan,
        [one for one in around.offer.plans.values() if one.code != customer.plan and not one.trial_days],
        await models.storing.stored(),
        customer.trial_ends_at,
        customer.suspended_by == "trial",
    )


@rpc.public("settings", kinds=PEOPLE)
async def pause(caller: Caller, reason: Reason) -> None:
    """Make this helpdesk read-only for a while; everybody who comes is told the reason."""
    around = surroundings()
    await around.operator(endings.pause, customer=around.customer.id, reason=reason)
    around.known_as(replace(around.customer, state="suspended", suspended_for=reason, suspended_by="owner"))


@rpc.public("settings", kinds=PEOPLE)
async def resume(caller: Caller) -> None:
    """End one's own pause."""
    around = surroundings()
    await around.operator(endings.resume, customer=around.customer.id)
    around.known_as(replace(around.customer, state="active", suspended_for="", suspended_by=""))


@rpc.public("settings", kinds=PEOPLE)
async def terminate(caller: Caller, password: Password, name: rpc.Line, erasing: When = "clean-up") -> Termination:
    """Close this helpdesk: nothing of it can be reached from now on. The data is erased at the next clean-up, within
    30 days, or at once. A refusal of the password is an answer, so that it stays counted.
    """
    around = surroundings()
    if name.strip() != around.customer.name:
        raise rpc.Invalid(fields={"name": f"Type the name as it stands here: {around.customer.name}"})
    right, wait = await models.proof.own_password(caller, password)
    if not right:
        return Termination(wait=wait)
    erased_at = await around.operator(endings.leave, customer=around.customer.id, erasing=erasing)
    state = "purging" if erasing == "at once" else "terminated"
    around.known_as(replace(around.customer, state=state, terminated_at=around.now, erase_at=erased_at))
    return Termination(erased_at)


@rpc.public(None, kinds=ANYBODY, reads=True)
async def offer(caller: Caller, token: rpc.Line) -> Offer:
    """What this link takes back, without using it up; 404 for one that was used."""
    customer, left = surroundings().customer, models.leaving.termination_of(token)
    if customer.state != "terminated" or customer.terminated_at != left or customer.erase_at is None:
        raise rpc.NotFound("This link was used already.")
    return Offer(customer.name, left, customer.erase_at)


@rpc.public(None, kinds=ANYBODY)
async def take_back(caller: Caller, token: rpc.Line) -> None:
    """Open this helpdesk again as it was, by the link that its owners were mailed. The link is used up."""
    around = surroundings()
    left = models.leaving.termination_of(token)
    try:
        await around.operator(endings.take_back, customer=around.customer.id, terminated_at=left)
    except TooLateToReturn:
        around.known_as(replace(around.customer, state="purging"))
        raise
    state = "suspended" if around.customer.suspended_by else "active"
    around.known_as(replace(around.customer, state=state, terminated_at=None, erase_at=None))


@rpc.public("work", kinds=PROGRAMS)
async def close(caller: Caller, terminated_at: datetime) -> None:
    """End all sessions, tokens and links, withhold what waits to be sent, and tell the owners."""
    await models.leaving.close(terminated_at)


@rpc.public("work", kinds=PROGRAMS)
async def warn(caller: Caller, terminated_at: datetime) -> None:
    """Tell the owners that all is erased in 14 days."""
    await models.leaving.warn(terminated_at)
