"""Signing in, and who may."""

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.shapes import Issued, SignIn, Welcome
from seldesk.models import desk as models
from seldesk.models.desk.password import NewPassword, Password
from seldesk.surroundings import surroundings

ANYBODY = (rpc.Kind.ANONYMOUS,)


@rpc.public(None, kinds=ANYBODY)
async def sign_in(caller: Caller, email: rpc.Line, password: Password) -> SignIn:
    """Sign in with a password. A refusal is an answer, not an error, so that the attempt stays counted."""
    return SignIn(*await models.Session.by_password(caller, email, password))


@rpc.public("self", kinds=(rpc.Kind.PERSON,))
async def sign_out(caller: Caller) -> None:
    """End this session."""
    await models.Session.end(caller)


@rpc.public(None, kinds=ANYBODY, reads=True)
async def welcome(caller: Caller, token: rpc.Line) -> Welcome:
    """For whom a one-time link sets a password; 404 once it was used or is too old."""
    invitation = await models.Invitation.open(token)
    person = await models.Person.get(invitation.person_id)
    return Welcome(surroundings().customer.name, person.name, person.email)


@rpc.public(None, kinds=ANYBODY)
async def choose_password(caller: Caller, token: rpc.Line, password: NewPassword) -> SignIn:
    """Set the first password by a one-time link and sign in. The link is used up."""
    person = await (await models.Invitation.open(token)).redeem(password)
    return SignIn(await models.Session.start(caller, person))


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,))
async def invite(caller: Caller, email: rpc.Line, name: rpc.Line, role: models.Role) -> Issued:
    """Add an owner or an agent; answers a one-time link, good for 72 hours, that sets a password."""
    person = await models.Person.hire(email, name, role)
    return Issued((await models.Invitation.issue(person)).link)
