"""How one of the staff loses what they come in with."""

from seldesk.models.control.staff import Staff
from seldesk.models.control.staff_factor import StaffFactor, StaffRecovery
from seldesk.models.control.staff_session import StaffSession
from seldesk.surroundings import surroundings


async def disable(staff: Staff) -> None:
    """Nothing that they hold works any more: each call looks whether its person is disabled."""
    staff.disabled_at = staff.disabled_at or surroundings().now
    staff.link = staff.link_until = None
    await StaffSession.end_all(staff.id)


async def forget_credentials(staff: Staff) -> None:
    """Password and factors are gone: only a new one-time link leads in."""
    staff.hash = staff.enrolled_at = None
    await StaffFactor.where(StaffFactor.person_id == staff.id).delete()
    await StaffRecovery.where(StaffRecovery.person_id == staff.id).delete()
    await StaffSession.end_all(staff.id)
