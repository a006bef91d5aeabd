import hmac
from hashlib import sha256
from typing import Self
from uuid import UUID

import orm
from seldesk.models.control.staff import Staff
from seldesk.models.control.staff_offer import StaffOffer
from seldesk.models.factor import Factor, LastFactor, RecoveryCode
from seldesk.models.second_factor import Party
from seldesk.surroundings import surroundings

__all__ = ["LastFactor", "StaffFactor", "StaffRecovery"]


class StaffFactor(Factor, table="staff_factors", schema="control"):
    """A second factor of one of the staff."""

    offers = StaffOffer

    person_id: orm.Column[UUID] = orm.reference("control.staff.id", index=True)

    @classmethod
    def party(cls) -> Party:
        addresses = surroundings().addresses
        return Party(addresses.ops_base, "Seldesk console", addresses.console())

    @classmethod
    async def _new(cls, person: UUID, kind: str, name: str) -> Self:
        staff = await Staff.get(person)
        staff.enrolled_at = staff.enrolled_at or surroundings().now
        return await super()._new(person, kind, name)


class StaffRecovery(RecoveryCode, table="staff_recovery_codes", schema="control"):
    person_id: orm.Column[UUID] = orm.reference("control.staff.id", index=True)

    @classmethod
    def key(cls) -> bytes:
        return hmac.digest(surroundings().signing_key, b"staff recovery", sha256)
