"""Signing in, and who may."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import way_in_notices
from seldesk.methods.desk.entries import Device
from seldesk.methods.desk.shapes.people import (
    Contact,
    Issued,
    PasswordSet,
    SessionRow,
    SignIn,
    Standing,
    Welcome,
    signed_in,
)
from seldesk.models import desk as models
from seldesk.models.control import WayIn
from seldesk.models.password import NewPassword, Password
from seldesk.surroundings import surroundings

Sought = Annotated[str, Meta(max_length=100)]
SUGGESTED = 8
ANYBODY = (rpc.Kind.ANONYMOUS,)


@rpc.public(None, kinds=ANYBODY)
async def sign_in(caller: Caller, email: rpc.Line, password: Password, device: Device = "") -> SignIn:
    """Sign in with a password; who has a second factor is let in by that. A refusal is an answer, not an error, so
    that the attempt stays counted.
    """
    return signed_in(await models.entrance.by_password(caller, email, password, device))


@rpc.public("tickets.reply", kinds=(rpc.Kind.PERSON, rpc.Kind.TOKEN), reads=True)
async def suggest(caller: Caller, query: Sought) -> list[Contact]:
    """Up to eight people whose name, last name or address begins like this."""
    return await models.contact.begun(caller, query, Contact, SUGGESTED)


@rpc.public("self", kinds=(rpc.Kind.PERSON,))
async def sign_out(caller: Caller) -> None:
    """End this session."""
    await models.Session.end(caller)


@rpc.public("self", kinds=(rpc.Kind.PERSON,), reads=True)
async def sessions(caller: Caller) -> list[SessionRow]:
    """Where one is signed in, the session seen last first."""
    return await models.Session.mine(caller, SessionRow)


@rpc.public("self", kinds=(rpc.Kind.PERSON,))
async def end_session(caller: Caller, session: UUID) -> None:
    """End one of one's own sessions."""
    await models.Session.end_one(caller, session)


@rpc.public(None, kinds=ANYBODY, reads=True)
async def welcome(caller: Caller, token: rpc.Line) -> Welcome:
    """For whom a one-time link sets a password; 404 once it was used or is too old."""
    invitation = await models.Invitation.open(token)
    person = await models.Person.get(invitation.person_id)
    around = surroundings()
    return Welcome(around.customer.name, person.name, person.email, around.demands_factor(person.role))


@rpc.public(None, kinds=ANYBODY)
async def choose_password(caller: Caller, token: rpc.Line, password: NewPassword, device: Device = "") -> SignIn:
    """Set the first password by a one-time link and sign in. The link is used up."""
    return signed_in(await models.entrance.by_invitation(caller, token, password, device))


@rpc.public(None, kinds=ANYBODY)
async def mail_link(caller: Caller, email: rpc.Line, purpose: models.Purpose) -> None:
    """Mail a one-time link that signs a requester in (10 minutes) or sets a password (60 minutes).

    The answer is the same whether anybody has this address or not; an address gets three an hour.
    """
    address = models.normalised(email)
    if await models.MailedLink.allowed(caller, purpose, address):
        await models.Outbox.post_link(purpose, address)


@rpc.public(None, kinds=ANYBODY, reads=True)
async def link(caller: Caller, token: rpc.Line, purpose: models.Purpose) -> Welcome:
    """Whose link this is, without using it up; 404 once it was used or is too old."""
    person = await models.MailedLink.owner(purpose, token)
    return Welcome(surroundings().customer.name, person.name, person.email)


@rpc.public(None, kinds=ANYBODY)
async def sign_in_by_link(caller: Caller, token: rpc.Line, device: Device = "") -> SignIn:
    """Sign a requester in by a mailed link, which is used up; who has a second factor is let in by that."""
    return signed_in(await models.entrance.by_mailed_link(caller, token, device))


@rpc.public(None, kinds=ANYBODY)
async def reset_password(caller: Caller, token: rpc.Line, password: NewPassword) -> PasswordSet:
    """Set the password of a mailed link's owner, end all their sessions and tell them. Signs nobody in."""
    person = await models.MailedLink.set_password(token, password)
    await models.Outbox.post_credentials("password_changed", person.id)
    return PasswordSet(person.role)


@rpc.public("work", kinds=(rpc.Kind.JOB,), reads=True)
async def standing(caller: Caller, person: UUID) -> Standing | None:
    """What somebody is here today, for the doors of copies on the side; None for who is not, or was disabled."""
    found = await models.Person.where(models.Person.id == person, models.Person.disabled_at.is_(None)).first()
    if found is None:
        return None
    post = await models.Post.of(found)
    return Standing(post.kind, None if post.role is None else tuple(post.role.permissions))


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,))
async def reset_factors(caller: Caller, email: rpc.Line) -> int:
    """Remove all second factors of somebody who has lost them, end their sessions and tokens, and tell them and the
    customer's primary address by mail. Answers how many there were.
    """
    person = await models.Person.by_email(email)
    surroundings().trail.about(person.id)
    removed = await models.access.reset_factors(person.id)
    await _tell(caller, "factors removed", person)
    return removed


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,))
async def invite(caller: Caller, email: rpc.Line, name: rpc.Line, role: models.BuiltIn) -> Issued:
    """Add an owner or an agent; answers a one-time link, good for 72 hours, that sets a password. The customer's
    primary address is told: whoever has the link comes in by it.
    """
    person = await models.Person.hire(email, name, role)
    # What a mailed link has opened before is over: whoever works here comes in by a password.
    await models.Session.where(models.Session.person_id == person.id).delete()
    invitation = await models.Invitation.issue(person)
    await _tell(caller, "person added", person)
    return Issued(invitation.link)


async def _tell(caller: Caller, what: WayIn, person: models.Person) -> None:
    """In the operator's log first: who dies in between leaves an entry and a mail of what was not done."""
    around = surroundings()
    operator = around.operator.relayed(caller.address, caller.request_id)
    await operator(way_in_notices.tell, customer=around.customer.id, what=what, about=person.id)
