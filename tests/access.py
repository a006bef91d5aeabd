"""Mara, of the operator's staff, in Acme's account: how she comes in, and what she does there."""

from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from uuid import UUID

import rpc
from rpc import Credential, Kind
from seldesk.jobs.accesses import sweep
from seldesk.jobs.outbox import Outboxes
from seldesk.methods.console import ops_access
from seldesk.methods.control.accesses import Scope
from seldesk.methods.desk import staff_access, tickets
from seldesk.surroundings import OPERATOR
from tests.jobs.departing import nothing
from tests.staff import HER_ADDRESS, Member, hired
from tests.world import CLEO, World, address

WHY = "Ann cannot find the mails of Tuesday"
ANN, BO = address("ann", "acme"), address("bo", "acme")


@dataclass
class Inside:
    """Mara with a session in Ann's name, or in that of somebody else; number is the ticket because of which."""

    world: World
    mara: Member
    number: int
    token: str

    @property
    def call(self) -> rpc.Call:
        return acting(self.world, self.token)


def acting(world: World, token: str, slug: str = "acme") -> rpc.Call:
    credential = Credential(
        kind=Kind.PERSON, place=slug, secret=token, address=HER_ADDRESS, request_id="test", acting=True
    )
    return world.app.dispatcher.calling(credential)


async def ticket(world: World) -> int:
    """One that Cleo asks, and that Ann opens."""
    ann = world.acme.by_token("ann")
    opened = await ann(tickets.open, subject="The printer smokes", body="It smokes.", requester_email=CLEO)
    return opened.number


async def allowed(world: World, span: str = "day") -> rpc.Call:
    """Bo, who has turned access on."""
    await told_at(world, BO)
    bo = await world.acme.signed_in("bo")
    await bo(staff_access.turn_on, span=span)  # type: ignore[arg-type]  # one of the three
    return bo


async def told_at(world: World, email: str) -> None:
    """The address at which Acme is told what staff did there."""
    named = f"UPDATE control.customers SET primary_email = '{email}' WHERE slug = 'acme' RETURNING 1"  # noqa: S608 - ours
    await world.control_rows(named)


async def link(
    world: World, mara: Member, number: int, *, subject: str = ANN, scope: Scope = "read", why: str = WHY
) -> str:
    """The secret of the link that the console makes."""
    opened = await mara.call(
        ops_access.start, slug="acme", reason=why, ticket=str(number), subject=subject, scope=scope
    )
    return opened.link.rpartition("/")[2]


async def come_in(
    world: World, mara: Member, number: int, *, subject: str = ANN, scope: Scope = "read", why: str = WHY
) -> Inside:
    secret = await link(world, mara, number, subject=subject, scope=scope, why=why)
    door = world.acme.calling(Kind.ANONYMOUS, "").relayed(HER_ADDRESS, "test")
    begun = await door(staff_access.begin, token=secret)
    return Inside(world, mara, number, begun.token)


async def inside(world: World, *, subject: str = ANN, scope: Scope = "read") -> Inside:
    """All of it, from the beginning."""
    await allowed(world)
    return await come_in(world, await hired(world, "support"), await ticket(world), subject=subject, scope=scope)


async def kept_signed_in(inside: Inside, span: timedelta, steps: timedelta = timedelta(minutes=10)) -> None:
    """Time passes, and she is not idle."""
    while span > timedelta(0):
        inside.world.clock.move(min(steps, span))
        span -= steps
        await inside.call(tickets.list)


async def swept(world: World) -> None:
    """What is over has been seen to be over."""
    await sweep(world.app.program(Kind.JOB), world.app.job, nothing)


async def person(world: World, email: str) -> UUID:
    found = await world.rows(world.acme, f"SELECT id FROM app.people WHERE email = '{email}'")  # noqa: S608 - ours
    return UUID(found[0])


def without_acting(call: rpc.Call) -> Credential:
    """The same cookie, shown as a session of the person's own."""
    return replace(call.credential, acting=False)


async def told(world: World, to: str) -> str:
    """What the operator has written to this address, in one line."""
    await Outboxes(world.app.program(Kind.JOB), world.app.job, world.relay).drain(OPERATOR.id)
    return " ".join(" ".join(_text(one.raw).split()) for one in world.relay.sent if to in one.recipients)


def _text(raw: bytes) -> str:
    message = message_from_bytes(raw, policy=SMTP)
    body = message.get_body(("plain",))
    return f"{message['from']} {message['subject']} {body.get_content() if body else ''}"
