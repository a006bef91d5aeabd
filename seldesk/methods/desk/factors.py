"""One's own second factors, and proving once more who one is. Only a session can: a token proves nothing."""

from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.entries import Answer, Code
from seldesk.methods.desk.members import Name
from seldesk.methods.desk.shapes.factors import (
    AccountPage,
    Challenge,
    Enrolled,
    Enrolment,
    FactorRow,
    Proof,
    SignInRow,
    WayIn,
)
from seldesk.methods.desk.shapes.people import Me, SessionRow
from seldesk.models import desk as models
from seldesk.models import second_factor
from seldesk.models.password import Password
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)


class PasswordFirst(rpc.Conflict):
    """A second factor stands beside a password, and you come in by mailed links. Set a password first."""

    code = "password_first"


async def way_in(caller: Caller) -> WayIn:
    return await models.own.shown(caller, WayIn, FactorRow, SignInRow)


@rpc.public("self", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> AccountPage:
    """All that the page of a requester's own account shows."""
    sessions = await models.Session.mine(caller, SessionRow)
    return AccountPage(Me.of(caller), await way_in(caller), sessions, _demanded(caller))


@rpc.public("self", kinds=PEOPLE)
async def new(caller: Caller) -> Enrolment:
    """What another second factor is made of, shown once."""
    if not await models.own.has_password(caller.id):
        raise PasswordFirst
    challenge, shown = await models.FactorOffer.secret_for(_session(caller))
    party, known = models.Factor.party(), await models.Factor.passkeys(caller.id)
    return Enrolment(
        caller.email,
        shown,
        second_factor.provisioning(shown, caller.email, party.name),
        second_factor.registration(party, challenge, caller.id, caller.email, known),
        _demanded(caller),
        not caller.factor,
    )


@rpc.public("self", kinds=PEOPLE)
async def add_authenticator(caller: Caller, code: Code, name: Name = "Authenticator") -> Enrolled:
    """Whether this is a code of the secret that was shown; then it is a second factor of the caller."""
    added = await models.Factor.enrol_authenticator(caller.id, _session(caller), code, name)
    return await _enrolled(caller, "authenticator", added)


@rpc.public("self", kinds=PEOPLE)
async def add_passkey(caller: Caller, answer: Answer, name: Name = "Passkey") -> Enrolled:
    """Whether this answers the challenge that was shown; then it is a second factor of the caller."""
    added = await models.Factor.enrol_passkey(caller.id, _session(caller), answer, name)
    return await _enrolled(caller, "passkey", added)


@rpc.public("self", kinds=PEOPLE)
async def remove(caller: Caller, factor: UUID) -> None:
    """Remove one, and end one's other sessions and tokens. The last one stays where one is demanded."""
    await models.access.remove_factor(caller, factor)


@rpc.public("self", kinds=PEOPLE)
async def renew_codes(caller: Caller) -> Enrolled:
    """New recovery codes; the old ones are good for nothing any more."""
    if not caller.factor:
        raise rpc.Conflict("Recovery codes stand in for a second factor. Add one first.")
    return Enrolled(True, await models.RecoveryCode.renew(caller.id))


@rpc.public("self", kinds=PEOPLE)
async def challenge(caller: Caller) -> Challenge:
    """What proves once more who this is."""
    factors = await models.Factor.of(caller.id)
    known = [one.credential for one in factors if one.credential is not None]
    asked = None
    if known:
        shown = await models.FactorOffer.challenge_for(_session(caller))
        asked = second_factor.authentication(models.Factor.party(), shown, known)
    return Challenge(caller.email, bool(factors), any(one.secret is not None for one in factors), asked)


@rpc.public("self", kinds=PEOPLE)
async def prove(caller: Caller, password: Password, code: Code | None = None) -> Proof:
    """Prove by the password, and by a code where there is a second factor. What matters can be done for 5 minutes;
    the session has a new secret.
    """
    right, wait = await models.proof.again(caller, password, code or "")
    return Proof(await models.Session.prove(caller)) if right else Proof(wait=wait)


@rpc.public("self", kinds=PEOPLE)
async def prove_by_passkey(caller: Caller, answer: Answer) -> Proof:
    """Prove by a passkey, which knows its owner by a finger or a PIN."""
    right, wait = await models.proof.by_passkey(caller, caller.id, _session(caller), answer)
    return Proof(await models.Session.prove(caller)) if right else Proof(wait=wait)


async def _enrolled(caller: Caller, kind: str, added: bool) -> Enrolled:
    if not added:
        surroundings().trail.failed()
        return Enrolled(False)
    before = _demanded(caller) and not caller.factor
    return Enrolled(True, await models.access.factor_added(caller, kind), before)


def _demanded(caller: Caller) -> bool:
    return surroundings().demands_factor(caller.role)


def _session(caller: Caller) -> UUID:
    if caller.session is None:
        raise rpc.Unauthenticated
    return caller.session
