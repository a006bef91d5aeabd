"""The operator's own people, as those see them who look after security."""

from dataclasses import dataclass, field
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.methods.console.staff import StaffRow, begun_anew, hired, shut_out
from seldesk.methods.console.staff_self import Deed, Factor
from seldesk.models import control as models
from seldesk.permissions import STAFF_ROLES

STAFF = (rpc.Kind.STAFF,)


@dataclass(frozen=True, slots=True)
class StaffPage:
    """roles are all that there are."""

    frame: Frame
    staff: list[StaffRow]
    roles: list[str]


@dataclass(frozen=True, slots=True)
class MemberPage:
    """myself: nobody disables or resets their own account."""

    frame: Frame
    member: StaffRow
    factors: list[Factor]
    deeds: list[Deed]
    roles: list[str]
    myself: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """A one-time link, good for 72 hours, for whoever it was made for. It is shown once."""

    frame: Frame
    name: str
    link: str = field(repr=False)


class OwnAccount(rpc.Conflict):
    """Nobody does this with their own account. Ask a colleague, or use the command on the machine."""

    code = "own_account"


@rpc.public("console.staff", kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller) -> StaffPage:
    """All that the list of staff shows."""
    return StaffPage(frame(caller), await models.Staff.listed(StaffRow), [*STAFF_ROLES])


@rpc.public("console.staff", kinds=STAFF, realm="control", reads=True)
async def read(caller: Caller, staff: UUID) -> MemberPage:
    """One of the staff: roles, factors, and what happened with their credentials."""
    one = await models.Staff.get(staff)
    row = StaffRow(
        one.id, one.email, one.name, one.roles, one.enrolled_at, one.signed_in_at, one.link_until, one.disabled_at
    )
    return MemberPage(
        frame(caller),
        row,
        await models.StaffFactor.listed(staff, Factor),
        await models.OperatorEntry.newest(staff, Deed),
        [*STAFF_ROLES],
        staff == caller.id,
    )


@rpc.public("console.staff", kinds=STAFF, realm="control")
async def add(caller: Caller, email: rpc.Line, name: rpc.Line, roles: list[models.StaffRole] = []) -> Linked:  # noqa: B006
    """Add an account."""
    return Linked(frame(caller), name, await hired(caller, email, name, roles))


@rpc.public("console.staff", kinds=STAFF, realm="control")
async def choose_roles(caller: Caller, staff: UUID, roles: list[models.StaffRole] = []) -> None:  # noqa: B006
    """What this account may from its next call on."""
    one = await _another(caller, staff)
    one.take_roles(roles)
    if not models.access.allows(one.roles):
        await models.Access.cut_off(staff)
    await models.staff_notice.made(caller, one, "roles changed")


@rpc.public("console.staff", kinds=STAFF, realm="control")
async def disable(caller: Caller, staff: UUID) -> None:
    """Nothing of this account works from now on."""
    await shut_out(caller, await _another(caller, staff))


@rpc.public("console.staff", kinds=STAFF, realm="control")
async def enable(caller: Caller, staff: UUID) -> None:
    """As it was before, factors and all; sessions are gone."""
    (await _another(caller, staff)).disabled_at = None
    await models.staff_notice.note(caller, staff, "enabled")


@rpc.public("console.staff", kinds=STAFF, realm="control")
async def reset(caller: Caller, staff: UUID) -> Linked:
    """Forget password and factors and end all sessions; a new one-time link leads in."""
    one = await _another(caller, staff)
    if one.disabled_at is not None:
        raise rpc.Conflict("This account is disabled. Enable it first.")
    return Linked(frame(caller), one.name, await begun_anew(caller, one))


async def _another(caller: Caller, staff: UUID) -> models.Staff:
    if staff == caller.id:
        raise OwnAccount
    return await models.Staff.where(models.Staff.id == staff).lock().one()
