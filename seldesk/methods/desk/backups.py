"""The copies of this helpdesk, as its owners see them."""

from dataclasses import dataclass
from datetime import timedelta

import rpc
from seldesk.caller import Caller
from seldesk.errors import TooManyTries
from seldesk.methods.control import beside, copies, coverage, downloads
from seldesk.methods.control.beside import Beside
from seldesk.methods.control.coverage import Shelf
from seldesk.methods.control.downloads import Download
from seldesk.methods.desk.exports import Asked
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.models.limit import Window
from seldesk.models.password import Password
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)
# Each is a full copy in two data centres.
KIND = "backup"
ASKED = Window("backup", 4, timedelta(days=1))


@dataclass(frozen=True, slots=True)
class BackupsPage:
    """unsent is how many mails a restore held back, up to a thousand."""

    panel: Panel
    shelf: Shelf
    downloads: list[Download]
    sides: list[Beside]
    unsent: int


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> BackupsPage:
    """All that the page about the copies shows."""
    around = surroundings()
    return BackupsPage(
        panel(caller),
        await around.operator(coverage.shelf, customer=around.customer.id),
        await around.operator(downloads.list, customer=around.customer.id, kind=KIND),
        await around.operator(beside.of, customer=around.customer.id),
        await models.Outbox.where(models.Outbox.state == "superseded").count_up_to(1000),
    )


@rpc.public("settings", kinds=PEOPLE)
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


@rpc.public("settings", kinds=PEOPLE)
async def download(caller: Caller, password: Password) -> Asked:
    """Have the database dumped as it is now, without what is secret in it, to be taken away within a day. A refusal of
    the password is an answer, so that it stays counted.
    """
    right, wait = await models.proof.own_password(caller, password)
    if not right:
        return Asked(asked=False, wait=wait)
    around = surroundings()
    _ = await around.operator(downloads.ask, customer=around.customer.id, kind=KIND, asked_by=caller.id)
    return Asked(asked=True)
