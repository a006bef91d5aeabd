"""Somebody of Acme's with an authenticator program on a phone."""

from dataclasses import dataclass, field

import pyotp

import rpc
from rpc import Credential, Kind
from seldesk.methods.desk import entries, factors, people
from seldesk.methods.desk.shapes.people import SignIn
from tests.world import DEVICE, PASSWORD, World, address


@dataclass
class Phone:
    """call is the session in which it was enrolled."""

    world: World
    name: str
    call: rpc.Call
    secret: str = field(repr=False)
    codes: list[str] = field(repr=False)

    def code(self, steps: int = 0) -> str:
        """What it shows, so many steps from now."""
        return pyotp.TOTP(self.secret).at(self.world.clock.now(), counter_offset=steps)

    async def begun(self, password: str = PASSWORD) -> SignIn:
        return await begun(self.world, self.name, password)

    async def sign_in(self, code: str) -> SignIn:
        entered = await self.begun()
        assert entered.entry is not None
        return await stranger(self.world)(entries.by_code, secret=entered.entry, code=code, device=DEVICE)

    def with_session(self, answer: SignIn) -> rpc.Call:
        assert answer.token is not None
        return self.world.acme.calling(Kind.PERSON, answer.token)


def stranger(world: World, at: str = "192.0.2.1", agent: str = "") -> rpc.Call:
    credential = Credential(kind=Kind.ANONYMOUS, place="acme", address=at, request_id="test", agent=agent)
    return world.app.dispatcher.calling(credential)


async def begun(world: World, name: str, password: str = PASSWORD) -> SignIn:
    return await stranger(world)(people.sign_in, email=address(name, "acme"), password=password, device=DEVICE)


async def enrolled(world: World, name: str, call: rpc.Call | None = None) -> Phone:
    call = call or await world.acme.signed_in(name)
    shown = await call(factors.new)
    code = pyotp.TOTP(shown.secret).at(world.clock.now())
    answer = await call(factors.add_authenticator, code=code, name="Phone")
    assert answer.added
    return Phone(world, name, call, shown.secret, answer.codes)
