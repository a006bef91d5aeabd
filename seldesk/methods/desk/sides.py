"""Copies of this helpdesk on the side: its owners have one opened, and removed again."""

from datetime import timedelta
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.errors import TooManyTries
from seldesk.methods.control import beside
from seldesk.methods.desk.exports import Asked
from seldesk.models import desk as models
from seldesk.models.limit import Window
from seldesk.models.password import Password
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
# Each is a whole database more.
ASKED = Window("side", 6, timedelta(days=1))


@rpc.public("settings", kinds=PEOPLE)
async def ask(caller: Caller, copy: UUID, password: Password, writable: bool = False) -> Asked:
    """Have a copy opened beside this helpdesk, at an address of its own, for some days. A refusal of the password is
    an answer, so that it stays counted.
    """
    around = surroundings()
    if wait := await models.Limit.wait(ASKED, str(around.customer.id)):
        raise TooManyTries(f"{ASKED.most} copies were put on the side within a day.", retry_after=wait)
    right, wait = await models.proof.own_password(caller, password)
    if not right:
        return Asked(asked=False, wait=wait)
    made = await around.operator(beside.want, customer=around.customer.id, copy=copy, writable=writable)
    around.trail.about(side=made)
    await models.Limit.hit(ASKED, str(around.customer.id))
    return Asked(asked=True)


@rpc.public("settings", kinds=PEOPLE)
async def remove(caller: Caller, side: UUID) -> None:
    """Nobody comes in there from now on, and nothing of it is left within the day."""
    around = surroundings()
    await around.operator(beside.give_up, customer=around.customer.id, restore=side)
