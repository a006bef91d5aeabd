"""How the operator's people come in: a password, then a second factor.

Refusals are answers, so that they stay counted.
"""

from dataclasses import dataclass, field
from typing import Annotated

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models
from seldesk.models import second_factor
from seldesk.models.password import NewPassword, Password

ANYBODY = (rpc.Kind.ANONYMOUS,)
Secret = Annotated[str, Meta(min_length=1, max_length=100)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
Answer = Annotated[str, Meta(min_length=1, max_length=16_000)]


@dataclass(frozen=True, slots=True)
class Invited:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entered:
    """token leads to the second factor. None: refused; wait is in seconds, 0 for no wait. unenrolled: the password was
    right, but there is no second factor, and only a new link leads further.
    """

    token: str | None = field(default=None, repr=False)
    wait: int = 0
    unenrolled: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked for. passkey is what the browser is asked, as JSON; None for who has none."""

    email: str
    authenticator: bool
    passkey: str | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """token is the session's, None when it was refused; wait is in seconds."""

    token: str | None = field(default=None, repr=False)
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Enrolment:
    """secret and address are for an authenticator program, and are shown once; passkey is what the browser is asked."""

    email: str
    secret: str = field(repr=False)
    address: str = field(repr=False)
    passkey: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """token is the session's, None when it was refused; codes are shown once."""

    token: str | None = field(default=None, repr=False)
    codes: list[str] = field(default_factory=list, repr=False)


@rpc.public(None, kinds=ANYBODY, realm="control", reads=True)
async def welcome(caller: Caller, token: Secret) -> Invited:
    """Whose one-time link this is, without using it up; 404 once it was used or is too old."""
    staff = await models.Staff.by_link(token)
    return Invited(staff.name, staff.email)


@rpc.public(None, kinds=ANYBODY, realm="control")
async def choose_password(caller: Caller, token: Secret, password: NewPassword) -> Entered:
    """Choose a password by the one-time link, which is used up. A second factor must follow before anybody is in."""
    staff = await models.Staff.by_link(token)
    await staff.redeem(password)
    await models.staff_proof.anew(staff)
    models.OperatorEntry.note(caller, staff.id, "password chosen")
    return Entered(models.StaffEntry.begin(staff, enrols=True))


@rpc.public(None, kinds=ANYBODY, realm="control")
async def begin(caller: Caller, email: rpc.Line, password: Password) -> Entered:
    """The first of two steps."""
    staff, wait = await models.staff_proof.by_password(caller, email, password)
    if staff is None:
        return Entered(wait=wait)
    if staff.enrolled_at is None:
        return Entered(unenrolled=True)
    return Entered(models.StaffEntry.begin(staff, enrols=False))


@rpc.public(None, kinds=ANYBODY, realm="control")
async def step(caller: Caller, secret: Secret) -> Step:
    """What the second step asks for. Each look brings a new challenge, and the one before it is over."""
    entry, staff = await models.StaffEntry.open(secret, enrols=False)
    factors = await models.StaffFactor.of(staff.id)
    known = [one.credential for one in factors if one.credential is not None]
    asked = None
    if known:
        asked = second_factor.authentication(
            models.StaffFactor.party(), await models.StaffOffer.challenge_for(entry.id), known
        )
    return Step(staff.email, any(one.secret is not None for one in factors), asked)


@rpc.public(None, kinds=ANYBODY, realm="control")
async def by_code(caller: Caller, secret: Secret, code: Code) -> SignedIn:
    """The second step: a code of an authenticator program, or a recovery code."""
    entry, staff = await models.StaffEntry.open(secret, enrols=False)
    right, wait = await models.staff_proof.by_code(caller, staff, code)
    return SignedIn(await _in(caller, entry, staff)) if right else SignedIn(wait=wait)


@rpc.public(None, kinds=ANYBODY, realm="control")
async def by_passkey(caller: Caller, secret: Secret, answer: Answer) -> SignedIn:
    """The second step: what a passkey answers to the challenge that was shown."""
    entry, staff = await models.StaffEntry.open(secret, enrols=False)
    right, wait = await models.staff_proof.by_passkey(caller, staff, entry.id, answer)
    return SignedIn(await _in(caller, entry, staff)) if right else SignedIn(wait=wait)


@rpc.public(None, kinds=ANYBODY, realm="control")
async def enrolment(caller: Caller, secret: Secret) -> Enrolment:
    """What a first second factor is made of. Each look brings a new one, and the one before it is over."""
    entry, staff = await models.StaffEntry.open(secret, enrols=True)
    challenge, shown = await models.StaffOffer.secret_for(entry.id)
    return Enrolment(
        staff.email,
        shown,
        second_factor.provisioning(shown, staff.email, models.StaffFactor.party().name),
        second_factor.registration(models.StaffFactor.party(), challenge, staff.id, staff.email, []),
    )


@rpc.public(None, kinds=ANYBODY, realm="control")
async def enrol_code(caller: Caller, secret: Secret, code: Code) -> Enrolled:
    """Enrol the authenticator program that took in the secret which was shown, and sign in."""
    entry, staff = await models.StaffEntry.open(secret, enrols=True)
    if not await models.StaffFactor.enrol_authenticator(staff.id, entry.id, code, "Authenticator"):
        return Enrolled()
    return await _enrolled(caller, entry, staff, "Authenticator")


@rpc.public(None, kinds=ANYBODY, realm="control")
async def enrol_passkey(caller: Caller, secret: Secret, answer: Answer) -> Enrolled:
    """Enrol a passkey, and sign in."""
    entry, staff = await models.StaffEntry.open(secret, enrols=True)
    if not await models.StaffFactor.enrol_passkey(staff.id, entry.id, answer, "Passkey"):
        return Enrolled()
    return await _enrolled(caller, entry, staff, "Passkey")


async def _enrolled(caller: Caller, entry: models.StaffEntry, staff: models.Staff, name: str) -> Enrolled:
    await models.staff_notice.note(caller, staff.id, "factor added", name)
    codes = await models.StaffRecovery.renew(staff.id)
    return Enrolled(await _in(caller, entry, staff), codes)


async def _in(caller: Caller, entry: models.StaffEntry, staff: models.Staff) -> str:
    """A session, under a secret of its own."""
    await entry.end()
    await models.staff_notice.signed_in(caller, staff.id)
    return models.StaffSession.start(caller, staff)
