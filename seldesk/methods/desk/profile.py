"""What everybody may know and change of themselves."""

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk import pages
from seldesk.methods.desk.factors import way_in
from seldesk.methods.desk.shapes.desk import Profile
from seldesk.methods.desk.shapes.people import PasswordChange, SessionRow
from seldesk.models import desk as models
from seldesk.models.password import NewPassword, Password
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)


@rpc.public("tickets.read", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> Profile:
    """All that the page of an agent's own profile shows."""
    own, sessions = await way_in(caller), await models.Session.mine(caller, SessionRow)
    demanded = surroundings().demands_factor(caller.role)
    return Profile(await pages.desk(caller), sessions, own.notices, own, demanded)


@rpc.public("self", kinds=PEOPLE)
async def rename(caller: Caller, name: rpc.Line) -> None:
    """Change one's own name."""
    (await models.Person.get(caller.id)).rename(name)


@rpc.public("tickets.read", kinds=PEOPLE)
async def choose_notices(caller: Caller, kinds: list[models.Notice] = []) -> None:  # noqa: B006
    """Choose what one is told by mail: new tickets that are nobody's, tickets that one is given, answers in one's
    own tickets and those one follows, notes that call one by name.
    """
    (await models.Person.get(caller.id)).notified_of = sorted(set(kinds))


@rpc.public("self", kinds=PEOPLE)
async def move(caller: Caller, zone: rpc.Line) -> None:
    """Have times shown in this zone, by its IANA name such as Europe/Berlin."""
    (await models.Person.get(caller.id)).move_to(zone)


@rpc.public("self", kinds=PEOPLE)
async def change_password(caller: Caller, current: Password, password: NewPassword) -> PasswordChange:
    """Change one's own password, and end one's other sessions and tokens; this one goes on under a new secret, for
    somebody else may have the old one too. A refusal is an answer, so that it stays counted.
    """
    changed, wait = await models.access.change_password(caller, current, password)
    return PasswordChange(changed, wait, await models.Session.prove(caller) if changed else None)
