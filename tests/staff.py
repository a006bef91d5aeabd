"""Mara, of the operator's staff, and how she comes in."""

from dataclasses import dataclass, field
from datetime import timedelta

import pyotp

import rpc
from rpc import Credential, Kind
from seldesk.methods.console import staff, staff_entry, staff_self
from seldesk.methods.console.staff import StaffRole
from seldesk.methods.console.staff_entry import Entered, SignedIn
from seldesk.methods.control import jobs
from tests.world import PASSWORD, World

MARA = "mara@operator.example"
HER_ADDRESS = "198.51.100.7"


@dataclass
class Member:
    """One of the staff, with an authenticator and recovery codes, signed in."""

    world: World
    email: str
    secret: str = field(repr=False)
    codes: list[str] = field(repr=False)
    token: str = field(repr=False)

    @property
    def call(self) -> rpc.Call:
        return calling(self.world, self.token)

    def code(self, steps: int = 0) -> str:
        """What the authenticator shows, so many steps from now."""
        return pyotp.TOTP(self.secret).at(self.world.clock.now(), counter_offset=steps)

    async def prove(self) -> None:
        """Once more who she is: a code is good once, so that time must have passed since the last."""
        proof = await self.call(staff_self.prove_by_code, password=PASSWORD, code=self.code())
        assert proof.token is not None
        self.token = proof.token

    async def sign_in(self, code: str, password: str = PASSWORD) -> SignedIn:
        entered = await begun(self.world, self.email, password)
        assert entered.token is not None
        return await stranger(self.world)(staff_entry.by_code, secret=entered.token, code=code)


def calling(world: World, token: str) -> rpc.Call:
    credential = Credential(kind=Kind.STAFF, secret=token, address=HER_ADDRESS, request_id="test")
    return world.app.dispatcher.calling(credential)


def stranger(world: World, address: str = HER_ADDRESS) -> rpc.Call:
    return world.app.dispatcher.calling(Credential(kind=Kind.ANONYMOUS, address=address, request_id="test"))


async def begun(world: World, email: str = MARA, password: str = PASSWORD, address: str = HER_ADDRESS) -> Entered:
    return await stranger(world, address)(staff_entry.begin, email=email, password=password)


async def scheduled(world: World, *kinds: str) -> None:
    """What a process with a schedule has asked for, and a worker has done."""
    job, now = world.app.program(Kind.JOB), world.clock.now()
    for kind in kinds:
        await job(jobs.ask_for, kind=kind, slot=f"{now:%Y-%m-%dT%H:%M}", next_at=now + timedelta(hours=17))
        for claimed in await job(jobs.claim, kinds=[kind]):
            await job(jobs.done, job=claimed.id, lease=claimed.lease)


async def invited(world: World, *roles: StaffRole, email: str = MARA) -> str:
    """The secret of a one-time link."""
    command = world.app.program(Kind.COMMAND)
    link = await command(staff.add, email=email, name=email.partition("@")[0].title(), roles=[*roles])
    return link.rpartition("/")[2]


async def hired(world: World, *roles: StaffRole, email: str = MARA) -> Member:
    return await enrolled(world, email, await invited(world, *roles, email=email))


async def enrolled(world: World, email: str, token: str) -> Member:
    """Who comes in by a one-time link."""
    anybody = stranger(world)
    entered = await anybody(staff_entry.choose_password, token=token, password=PASSWORD)
    assert entered.token is not None
    shown = await anybody(staff_entry.enrolment, secret=entered.token)
    code = pyotp.TOTP(shown.secret).at(world.clock.now())
    inside = await anybody(staff_entry.enrol_code, secret=entered.token, code=code)
    assert inside.token is not None
    return Member(world, email, shown.secret, inside.codes, inside.token)
