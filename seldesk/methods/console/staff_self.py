"""What the operator's people see and change of themselves."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.console.staff_entry import Answer, Code, Enrolment
from seldesk.models import control as models
from seldesk.models import second_factor
from seldesk.models.password import NewPassword, Password

STAFF = (rpc.Kind.STAFF,)
FactorName = Annotated[str, Meta(min_length=1, max_length=60)]


@dataclass(frozen=True, slots=True)
class Factor:
    id: UUID
    kind: str
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    id: UUID
    address: str
    created_at: datetime
    seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """What happened with somebody's credentials, or what they did; by whom and from where."""

    what: str
    detail: str
    address: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Profile:
    frame: Frame
    factors: list[Factor]
    codes_left: int
    sessions: list[SessionRow]
    deeds: list[Deed]


@dataclass(frozen=True, slots=True)
class Challenge:
    """passkey is what the browser is asked, as JSON; None for who has none."""

    frame: Frame
    authenticator: bool
    passkey: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """token is the session's from now on, None when it was refused; wait is in seconds."""

    token: str | None = field(default=None, repr=False)
    wait: int = 0


@dataclass(frozen=True, slots=True)
class NewFactor:
    frame: Frame
    enrolment: Enrolment


@dataclass(frozen=True, slots=True)
class NewCodes:
    """Shown once."""

    frame: Frame
    codes: list[str] = field(repr=False)


@rpc.public("console", kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller) -> Profile:
    """All that the page of one's own profile shows."""
    return Profile(
        frame(caller),
        await models.StaffFactor.listed(caller.id, Factor),
        await models.StaffRecovery.left(caller.id),
        await models.StaffSession.mine(caller, SessionRow),
        await models.OperatorEntry.newest(caller.id, Deed),
    )


@rpc.public("console", kinds=STAFF, realm="control")
async def challenge(caller: Caller) -> Challenge:
    """What proves once more who this is."""
    factors = await models.StaffFactor.of(caller.id)
    known = [one.credential for one in factors if one.credential is not None]
    asked = None
    if known:
        shown = await models.StaffOffer.challenge_for(_session(caller))
        asked = second_factor.authentication(models.StaffFactor.party(), shown, known)
    return Challenge(frame(caller), any(one.secret is not None for one in factors), asked)


@rpc.public("console", kinds=STAFF, realm="control")
async def prove_by_code(caller: Caller, password: Password, code: Code) -> Proof:
    """Prove by password and code. What matters can be done for 5 minutes; the session has a new secret."""
    staff, wait = await models.staff_proof.by_password(caller, caller.email, password)
    if staff is None:
        return Proof(wait=wait)
    right, wait = await models.staff_proof.by_code(caller, staff, code)
    return await _proved(caller) if right else Proof(wait=wait)


@rpc.public("console", kinds=STAFF, realm="control")
async def prove_by_passkey(caller: Caller, answer: Answer) -> Proof:
    """Prove by a passkey, which knows its owner by a finger or a PIN."""
    staff = await models.Staff.get(caller.id)
    right, wait = await models.staff_proof.by_passkey(caller, staff, _session(caller), answer)
    return await _proved(caller) if right else Proof(wait=wait)


@rpc.public("console", kinds=STAFF, realm="control")
async def new_factor(caller: Caller) -> NewFactor:
    """What another second factor is made of, shown once."""
    challenge, shown = await models.StaffOffer.secret_for(_session(caller))
    party, known = models.StaffFactor.party(), await models.StaffFactor.passkeys(caller.id)
    return NewFactor(
        frame(caller),
        Enrolment(
            caller.email,
            shown,
            second_factor.provisioning(shown, caller.email, party.name),
            second_factor.registration(party, challenge, caller.id, caller.email, known),
        ),
    )


@rpc.public("console", kinds=STAFF, realm="control")
async def add_authenticator(caller: Caller, code: Code, name: FactorName = "Authenticator") -> bool:
    """Whether this is a code of the secret that was shown; then it is another second factor."""
    added = await models.StaffFactor.enrol_authenticator(caller.id, _session(caller), code, name)
    return await _noted(caller, added, name)


@rpc.public("console", kinds=STAFF, realm="control")
async def add_passkey(caller: Caller, answer: Answer, name: FactorName = "Passkey") -> bool:
    """Whether this answers the challenge that was shown; then it is another second factor."""
    added = await models.StaffFactor.enrol_passkey(caller.id, _session(caller), answer, name)
    return await _noted(caller, added, name)


@rpc.public("console", kinds=STAFF, realm="control")
async def remove_factor(caller: Caller, factor: UUID) -> None:
    """The last one stays."""
    name, _ = await models.StaffFactor.remove(caller.id, factor)
    await models.staff_notice.note(caller, caller.id, "factor removed", name)


@rpc.public("console", kinds=STAFF, realm="control")
async def renew_codes(caller: Caller) -> NewCodes:
    """New recovery codes; the old ones are good for nothing any more."""
    await models.staff_notice.note(caller, caller.id, "recovery codes made")
    return NewCodes(frame(caller), await models.StaffRecovery.renew(caller.id))


@rpc.public("console", kinds=STAFF, realm="control")
async def change_password(caller: Caller, password: NewPassword) -> None:
    """Change one's own password and end one's other sessions."""
    staff = await models.Staff.get(caller.id)
    await staff.choose_password(password)
    await models.staff_proof.anew(staff)
    await models.StaffSession.end_all(caller.id, but=_session(caller))
    await models.staff_notice.note(caller, caller.id, "password changed")


@rpc.public("console", kinds=STAFF, realm="control")
async def end_session(caller: Caller, session: UUID) -> None:
    """End one of one's own sessions."""
    await models.StaffSession.end_one(caller, session)
    models.OperatorEntry.note(caller, caller.id, "session ended")


@rpc.public("console", kinds=STAFF, realm="control")
async def sign_out(caller: Caller) -> None:
    """End this session."""
    await models.StaffSession.end_one(caller, _session(caller))
    models.OperatorEntry.note(caller, caller.id, "signed out")


async def _proved(caller: Caller) -> Proof:
    models.OperatorEntry.note(caller, caller.id, "proved again")
    return Proof(await models.StaffSession.prove(caller))


async def _noted(caller: Caller, added: bool, name: str) -> bool:
    if added:
        await models.staff_notice.note(caller, caller.id, "factor added", name)
    return added


def _session(caller: Caller) -> UUID:
    if caller.session is None:
        raise rpc.Unauthenticated
    return caller.session
