"""What lets a person in, taken away: at the next call of each session, stream and token there is nobody."""

from uuid import UUID

from seldesk.caller import Caller
from seldesk.models.desk import proof, trying
from seldesk.models.desk.entry import Entry
from seldesk.models.desk.factor import Factor, RecoveryCode
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.password import Verifier
from seldesk.models.desk.session import Session
from seldesk.models.desk.token import Token
from seldesk.surroundings import surroundings


async def end(person: UUID, *, but: UUID | None = None) -> None:
    """All sessions but this one, whoever is on the way in, and all tokens: one of them may be a stranger's."""
    other = Session.where(Session.person_id == person)
    await (other if but is None else other.where(Session.id != but)).delete()
    for door in (Entry, Token):
        await door.where(door.person_id == person).delete()


async def change_password(caller: Caller, current: str, new: str) -> tuple[bool, int]:
    """Whether the current password was right; then all else that lets this person in is over. Else the seconds to
    wait.
    """
    right, wait = await proof.own_password(caller, current)
    if not right:
        return False, wait
    await Verifier.put(caller.id, new, (caller.name, caller.email))
    await trying.anew(caller.email, caller.id)
    await end(caller.id, but=caller.session)
    await Outbox.post_credentials("password_changed", caller.id)
    return True, 0


async def factor_added(caller: Caller, kind: str) -> list[str]:
    """With the first one, recovery codes, to be shown once: all other sessions came in without, and are over."""
    await Outbox.post_credentials("factor_added", caller.id)
    if caller.factor:
        return []
    await Session.where(Session.id == caller.session).update(factor=kind)
    for door in (Session, Entry):
        await door.where(door.person_id == caller.id, door.id != caller.session).delete()
    return await RecoveryCode.renew(caller.id)


async def remove_factor(caller: Caller, factor: UUID) -> str:
    """Its name. The last one goes only where nobody asks for one, and all else that lets this person in is over."""
    last = not surroundings().demands_factor(caller.role)
    name, left = await Factor.remove(caller.id, factor, last=last)
    if not left:
        await RecoveryCode.where(RecoveryCode.person_id == caller.id).delete()
        await Session.where(Session.id == caller.session).update(factor="")
    await end(caller.id, but=caller.session)
    await Outbox.post_credentials("factor_removed", caller.id)
    return name


async def reset_factors(person: UUID) -> int:
    """For who has lost them all: the password alone leads in again. How many there were."""
    removed = await Factor.where(Factor.person_id == person).delete()
    await RecoveryCode.where(RecoveryCode.person_id == person).delete()
    await end(person)
    await Outbox.post_credentials("factors_reset", person)
    return removed
