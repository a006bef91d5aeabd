"""The demo's one member of the operator's staff, made the way every other one is made."""

import secrets
from dataclasses import dataclass, field
from typing import get_args

import pyotp

import rpc
from rpc import Credential, Kind
from seldesk.app.build import Application
from seldesk.methods.console import staff, staff_entry, staff_self
from seldesk.methods.console.staff import StaffRole

EMAIL, NAME = "mara@operator.example", "Mara Voss"


@dataclass(frozen=True, slots=True)
class Member:
    email: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)


async def hired(app: Application) -> Member:
    """With every role, a password that nobody else has, and an authenticator."""
    anybody, password = app.program(Kind.ANONYMOUS), secrets.token_urlsafe(12)
    link = await _link(app.program(Kind.COMMAND))
    entered = await anybody(staff_entry.choose_password, token=link.rpartition("/")[2], password=password)
    secret = entered.token or ""
    enrolment = await anybody(staff_entry.enrolment, secret=secret)
    # Not the code of this moment, which is whoever signs in now to use.
    code = pyotp.TOTP(enrolment.secret).at(app.clock.now(), counter_offset=-1)
    enrolled = await anybody(staff_entry.enrol_code, secret=secret, code=code)
    signed_in = Credential(kind=Kind.STAFF, secret=enrolled.token or "")
    await app.dispatcher.calling(signed_in)(staff_self.sign_out)
    return Member(EMAIL, password, enrolment.secret)


async def _link(command: rpc.Call) -> str:
    """An earlier start may have made the account and ended before it was written down."""
    if any(one.email == EMAIL for one in await command(staff.list)):
        return await command(staff.reset_factors, email=EMAIL)
    return await command(staff.add, email=EMAIL, name=NAME, roles=[*get_args(StaffRole)])
