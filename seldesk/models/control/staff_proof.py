"""Whether somebody is who they say they are: counted, limited, and written down.

Whoever calls answers a refusal, and raises none: else it would not stay counted.
"""

from datetime import timedelta
from uuid import UUID

from seldesk.caller import Caller
from seldesk.models import factor_tries
from seldesk.models.control import staff_notice
from seldesk.models.control.limit import Limit
from seldesk.models.control.operator_log import OperatorEntry, StaffDeed
from seldesk.models.control.staff import Staff
from seldesk.models.control.staff_factor import StaffFactor, StaffRecovery
from seldesk.models.limit import Window, apart, block_of
from seldesk.models.password import hashed

SPAN = timedelta(minutes=15)
PER_ACCOUNT = Window("staff password", 10, SPAN)
PER_BLOCK = Window("staff sign-in block", 100, SPAN)


async def by_password(caller: Caller, email: str, password: str) -> tuple[Staff | None, int]:
    """Whose password this is, or None and the seconds to wait. Who comes from a network that the account is known
    from, or is signed in, is counted apart: strangers keep them out of nothing.
    """
    account = email.strip().lower()
    known = await _place(caller, account)
    subject = apart(account, known)
    if seconds := await Limit.admit(PER_ACCOUNT, subject, PER_BLOCK, caller.address):
        return None, seconds
    staff = await Staff.where(Staff.email == account).first()
    if staff is None:
        await hashed(password)
    elif await staff.matches(password) and staff.disabled_at is None:
        await Limit.forget(PER_ACCOUNT, subject)
        return staff, 0
    await _refused(caller, staff, "password refused")
    return None, 0


async def anew(staff: Staff) -> None:
    """There is a new password, or there will be: what was tried with the old one counts no more."""
    for known in ("", *await staff_notice.known_blocks(staff.email)):
        await Limit.forget(PER_ACCOUNT, apart(staff.email, known))
    await factor_tries.anew(Limit, str(staff.id))


async def by_code(caller: Caller, staff: Staff, code: str) -> tuple[bool, int]:
    """Whether this is a code of their authenticator, or one of their recovery codes; else the seconds to wait. Known
    networks and sessions are counted apart, as in by_password.
    """
    known = await _place(caller, staff.email)
    if seconds := await factor_tries.admit(Limit, caller, str(staff.id), known, PER_BLOCK):
        return False, seconds
    right = await StaffFactor.right_code(staff.id, code)
    if not right and await StaffRecovery.use(staff.id, code):
        await staff_notice.note(caller, staff.id, "recovery code used")
        right = True
    return await _told(caller, staff, known, right=right), 0


async def by_passkey(caller: Caller, staff: Staff, owner: UUID, answer: str) -> tuple[bool, int]:
    """Whether a passkey of theirs answers the challenge that was shown; else the seconds to wait."""
    known = await _place(caller, staff.email)
    if seconds := await factor_tries.admit(Limit, caller, str(staff.id), known, PER_BLOCK):
        return False, seconds
    return await _told(caller, staff, known, right=await StaffFactor.right_passkey(staff.id, owner, answer)), 0


async def _told(caller: Caller, staff: Staff, known: str, *, right: bool) -> bool:
    if right:
        await factor_tries.right(Limit, str(staff.id), known)
    else:
        await factor_tries.wrong(Limit, str(staff.id), known)
        await _refused(caller, staff, "factor refused")
    return right


async def _place(caller: Caller, account: str) -> str:
    """The session, or the network that the account is known from; "" for anywhere else."""
    if caller.session:
        return str(caller.session)
    block = block_of(caller.address)
    return block if block in await staff_notice.known_blocks(account) else ""


async def _refused(caller: Caller, staff: Staff | None, what: StaffDeed) -> None:
    await Limit.hit(PER_BLOCK, block_of(caller.address))
    if staff is not None:
        OperatorEntry.note(caller, staff.id, what)
