"""Whether somebody is who they say they are: counted and limited.

Whoever calls answers a refusal, and raises none: else it would not stay counted.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models import factor_tries
from seldesk.models.desk import trying
from seldesk.models.desk.device import Device
from seldesk.models.desk.factor import Factor, RecoveryCode
from seldesk.models.desk.limit import Limit
from seldesk.models.desk.password import Kept, Verifier
from seldesk.models.desk.person import Person
from seldesk.models.password import hashed
from seldesk.surroundings import surroundings

RECOVERED = "recovery code"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may be signing in, what their password is checked against, and whether they have a second factor."""

    id: UUID
    role: str
    disabled_at: datetime | None
    hash: str | None = field(repr=False)
    enrolled: bool


async def by_password(caller: Caller, email: str, password: str, device: str = "") -> tuple[Account | None, int]:
    """Whose password this is, or None and the seconds to wait. device is the secret that a browser has kept."""
    account = email.strip().lower()
    trail = surroundings().trail
    found = await _account().read(email=account)
    person = found[0] if found else None
    known = _here(caller) or (await Device.known(person.id, device) if person else "")
    enrolled = bool(known and person and person.enrolled)
    if wait := await trying.wait(caller, account, known, enrolled=enrolled):
        trail.repeats = True
        return None, wait
    trail.about(person.id if person else None)
    # What is no address may be a password, typed into the wrong field.
    trail.knowing(email=account if "@" in account else "")
    if person is None or person.hash is None:
        await hashed(password)
    elif await Kept(person.id, person.hash).matches(password) and person.disabled_at is None:
        await trying.right(account, known, enrolled=enrolled)
        return person, 0
    await _refused(caller)
    return None, 0


async def own_password(caller: Caller, password: str) -> tuple[bool, int]:
    """Whether this is the caller's password, asked for once more before what is hard to undo; else the seconds to
    wait before the next try.
    """
    enrolled = bool(caller.factor)
    if wait := await trying.wait(caller, caller.email, _here(caller), enrolled=enrolled):
        surroundings().trail.repeats = True
        return False, wait
    verifier = await Verifier.of(caller.id)
    if verifier is None or not await verifier.matches(password):
        await _refused(caller)
        return False, 0
    await trying.right(caller.email, _here(caller), enrolled=enrolled)
    return True, 0


async def again(caller: Caller, password: str, code: str) -> tuple[bool, int]:
    """Whether this is the caller's password, and a code of theirs where they have a second factor; else the seconds
    to wait.
    """
    person, wait = await by_password(caller, caller.email, password)
    if person is None or not person.enrolled:
        return person is not None, wait
    factor, wait = await by_code(caller, caller.id, code)
    return factor != "", wait


async def by_code(caller: Caller, person: UUID, code: str, device: str = "") -> tuple[str, int]:
    """Which factor this is a code of: an authenticator, or the recovery codes. "" and the seconds to wait for none.
    device as in by_password.
    """
    known = await _place(caller, person, device)
    if wait := await _wait(caller, person, known):
        return "", wait
    factor = "authenticator" if await Factor.right_code(person, code) else ""
    if not factor and await RecoveryCode.use(person, code):
        factor = RECOVERED
    return await _told(caller, person, factor, known), 0


async def by_passkey(caller: Caller, person: UUID, place: UUID, answer: str, device: str = "") -> tuple[str, int]:
    """Whether a passkey of theirs answers the challenge that was shown at this place; as in by_code."""
    known = await _place(caller, person, device)
    if wait := await _wait(caller, person, known):
        return "", wait
    right = await Factor.right_passkey(person, place, answer)
    return await _told(caller, person, "passkey" if right else "", known), 0


async def _place(caller: Caller, person: UUID, device: str) -> str:
    return _here(caller) or await Device.known(person, device)


async def _wait(caller: Caller, person: UUID, known: str) -> int:
    wait = await factor_tries.admit(Limit, caller, str(person), known, trying.PER_BLOCK)
    surroundings().trail.about(person)
    surroundings().trail.repeats |= wait > 0
    return wait


async def _told(caller: Caller, person: UUID, factor: str, known: str) -> str:
    if factor:
        await factor_tries.right(Limit, str(person), known)
    else:
        await factor_tries.wrong(Limit, str(person), known)
        await _refused(caller)
    return factor


def _here(caller: Caller) -> str:
    """The session of who proves once more; "" for who comes in."""
    return str(caller.session) if caller.session else ""


async def _refused(caller: Caller) -> None:
    await trying.wrong(caller)
    surroundings().trail.failed()


@orm.kept
def _account() -> orm.Prepared[Account]:
    """Of this address."""
    theirs = Person.where(Person.email == orm.parameter("email", Person.email)).limit(1)
    return orm.Prepared(
        theirs.join(Verifier, Verifier.person_id == Person.id, optional=True),
        Account,
        id=Person.id,
        role=Person.role,
        disabled_at=Person.disabled_at,
        hash=Verifier.hash,
        enrolled=orm.exists(Factor.where(Factor.person_id == Person.id)),
    )
