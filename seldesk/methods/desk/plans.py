"""The plan: which one an owner chooses, and what owners are told of its limits."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import plan_limits
from seldesk.models import desk as models
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
PROGRAMS = (rpc.Kind.JOB,)
# Nobody begins a trial again by themselves.
Chosen = Literal["paid", "education", "free"]
News = Literal["trial_ends", "trial_over", "storage_nearly", "storage_full"]


@rpc.public("settings", kinds=PEOPLE)
async def choose(caller: Caller, plan: Chosen) -> None:
    """Another plan from now on, where what is here fits into it. What the end of a trial has closed is open again."""
    around = surroundings()
    customer = around.customer
    await models.storing.fits(around.offer.plans[plan])
    await around.operator(plan_limits.choose, customer=customer.id, plan=plan)
    around.trail.knowing(plan=plan)
    known = replace(customer, plan=plan, trial_ends_at=None)
    if customer.suspended_by == "trial":
        known = replace(known, state="active", suspended_for="", suspended_by="")
    around.known_as(known)


@rpc.public("work", kinds=PROGRAMS)
async def tell(caller: Caller, news: News, about: datetime) -> None:
    """Mail the owners, once for each moment that it is about: when a trial ends, or when storage was seen to fill."""
    await models.plan_news.tell(news, about)
