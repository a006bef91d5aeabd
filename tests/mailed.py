"""What people get by mail: its words, and the one-time link in it."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import rpc
from rpc import Kind
from seldesk.methods.desk import people
from seldesk.models.desk import Purpose
from tests.world import CLEO, Desk, World, mail


def anybody(desk: Desk, at: str = "192.0.2.1") -> rpc.Call:
    return desk.app.dispatcher.calling(rpc.Credential(kind=Kind.ANONYMOUS, place=desk.slug, address=at))


def words(raw: bytes) -> tuple[EmailMessage, str]:
    letter = message_from_bytes(raw, EmailMessage, policy=policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    return letter, body.get_content()


async def mailed(world: World, email: str, purpose: Purpose = "sign_in") -> str:
    """Ask for a link and take its secret out of the mail."""
    await anybody(world.acme)(people.mail_link, email=email, purpose=purpose)
    await world.deliver(world.acme)
    text = words(world.relay.sent[-1].raw)[1]
    found = re.search(r"^http://acme\.localhost:8080/(?:sign-in|reset)/(\S+)\s*$", text, re.MULTILINE)
    assert found is not None, text
    return found[1]


async def cleo_writes(world: World) -> int:
    number = (await world.acme.mail(mail())).ticket
    await world.deliver(world.acme)
    assert number is not None
    return number


async def signed_in(world: World, email: str = CLEO) -> rpc.Call:
    answer = await anybody(world.acme)(people.sign_in_by_link, token=await mailed(world, email))
    assert answer.token is not None
    return world.acme.calling(Kind.PERSON, answer.token)
