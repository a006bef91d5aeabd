"""What people see of their own way in: factors, codes, and where they came from. One statement for all of it."""

from typing import TypeVar
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models import second_factor
from seldesk.models.desk.factor import Factor, RecoveryCode
from seldesk.models.desk.password import Verifier
from seldesk.models.desk.person import Person
from seldesk.models.desk.sign_in import SignIn

Shape = TypeVar("Shape")


async def shown(caller: Caller, shape: type[Shape], factor: type, sign_in: type) -> Shape:
    codes = RecoveryCode.where(RecoveryCode.person_id == caller.id)
    came = {
        "at": SignIn.at,
        "address": SignIn.address,
        "browser": SignIn.browser,
        "way": SignIn.way,
        "factor": SignIn.factor,
        "current": SignIn.session_id == caller.session,
    }
    return await Person.where(Person.id == caller.id).one_into(
        shape,
        notices=Person.notified_of,
        has_password=_has_password(caller.id),
        factors=Factor.held_by(caller.id).as_list(factor, **Factor.columns()),
        codes_left=orm.capped(codes, second_factor.COUNT),
        sign_ins=SignIn.lately(caller.id).as_list(sign_in, **came),
    )


async def has_password(person: UUID) -> bool:
    return await Verifier.where(Verifier.person_id == person).exists()


def _has_password(person: UUID) -> orm.Condition:
    return orm.exists(Verifier.where(Verifier.person_id == person))
