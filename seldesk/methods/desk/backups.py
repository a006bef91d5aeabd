"""The copies of this helpdesk, as its owners see them."""

from dataclasses import dataclass
from datetime import timedelta

import rpc
from seldesk.caller import Caller
from seldesk.errors import TooManyTries
from seldesk.methods.control import copies, coverage
from seldesk.methods.control.coverage import Shelf
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.models.limit import Window
from seldesk.surroundings import surroundings

OWNERS = (rpc.Kind.PERSON,)
# Each is a full copy in two data centres.
ASKED = Window("backup", 4, timedelta(days=1))


@dataclass(frozen=True, slots=True)
class BackupsPage:
    panel: Panel
    shelf: Shelf


@rpc.public("settings", kinds=OWNERS, reads=True)
async def page(caller: Caller) -> BackupsPage:
    """All that the page about the copies shows."""
    around = surroundings()
    return BackupsPage(panel(caller), await around.operator(coverage.shelf, customer=around.customer.id))


@rpc.public("settings", kinds=OWNERS)
async def ask(caller: Caller) -> None:
    """Have a copy made now, beside those that are made anyway. Conflict while something else is under way."""
    around = surroundings()
    subject = str(around.customer.id)
    if wait := await models.Limit.wait(ASKED, subject):
        raise TooManyTries(
            f"{ASKED.most} copies were asked for within a day. Others are made by themselves.", retry_after=wait
        )
    await around.operator(copies.want, customer=around.customer.id)
    await models.Limit.hit(ASKED, subject)
