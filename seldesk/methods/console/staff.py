"""The operator's own people, as a command of the machine sees to them. Here the first account comes from."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models

OPERATOR = (rpc.Kind.COMMAND,)
StaffRole = models.StaffRole


@dataclass(frozen=True, slots=True)
class StaffRow:
    """enrolled_at is None while there is no second factor; link_until says until when a one-time link is good."""

    id: UUID
    email: str
    name: str
    roles: builtins.list[str]
    enrolled_at: datetime | None
    signed_in_at: datetime | None
    link_until: datetime | None
    disabled_at: datetime | None


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def add(caller: Caller, email: rpc.Line, name: rpc.Line, roles: builtins.list[StaffRole]) -> str:
    """Add an account; answers a one-time link, good for 72 hours, that sets a password and a second factor."""
    return await hired(caller, email, name, roles)


@rpc.public("operate", kinds=OPERATOR, realm="control", reads=True)
async def list(caller: Caller) -> builtins.list[StaffRow]:
    return await models.Staff.listed(StaffRow)


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def disable(caller: Caller, email: rpc.Line) -> None:
    """Nothing of this account works from now on."""
    await shut_out(caller, await models.Staff.by_email(email))


@rpc.public("operate", kinds=OPERATOR, realm="control")
async def reset_factors(caller: Caller, email: rpc.Line) -> str:
    """Forget password and factors and end all sessions; answers a new one-time link. A disabled account is enabled."""
    staff = await models.Staff.by_email(email)
    staff.disabled_at = None
    return await begun_anew(caller, staff)


async def hired(caller: Caller, email: str, name: str, roles: builtins.list[StaffRole]) -> str:
    staff = await models.Staff.hire(email, name, roles)
    await models.staff_notice.made(caller, staff, "added")
    return staff.issue_link()


async def shut_out(caller: Caller, staff: models.Staff) -> None:
    await models.staff_access.disable(staff)
    await models.staff_notice.note(caller, staff.id, "disabled")


async def begun_anew(caller: Caller, staff: models.Staff) -> str:
    """As if the account had just been made."""
    await models.staff_access.forget_credentials(staff)
    await models.staff_proof.anew(staff)
    await models.staff_notice.made(caller, staff, "factors reset")
    return staff.issue_link()
