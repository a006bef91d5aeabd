"""What the end of a helpdesk means inside it."""

from datetime import datetime
from uuid import UUID

import rpc
from seldesk.models.desk.entry import Entry
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.mailed_link import MailedLink
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Person
from seldesk.models.desk.session import Session
from seldesk.models.desk.token import Token
from seldesk.surroundings import surroundings


async def close(terminated_at: datetime) -> None:
    """All who are signed in are out for good, what waits to be sent is not sent, and the owners are told."""
    _still(terminated_at)
    if await Outbox.where(Outbox.kind == "closed", Outbox.key.startswith(_key(terminated_at))).exists():
        return
    for door in (Session, Entry, Token, Invitation, MailedLink):
        await door.query().delete()
    await Outbox.supersede(now=surroundings().now)
    await Outbox.post_leaving("closed", terminated_at, await owners())


async def warn(terminated_at: datetime) -> None:
    """The owners are told that the end is near."""
    _still(terminated_at)
    await Outbox.post_leaving("erased_soon", terminated_at, await owners())


def _still(terminated_at: datetime) -> None:
    """Of one who came back at this moment nothing is ended."""
    if surroundings().customer.terminated_at != terminated_at:
        raise rpc.Unavailable("This process has not heard of the termination yet.")


async def owners() -> list[UUID]:
    found = Person.where(Person.role == "owner", Person.disabled_at.is_(None)).order_by(Person.id)
    return [one.id for one in await found.limit(100).all()]


def _key(terminated_at: datetime) -> str:
    return f"closed:{terminated_at.isoformat()}:"


def termination_of(token: str) -> datetime:
    """Which termination this link takes back; NotFound for a forged one."""
    content = surroundings().signer.read("return", token, surroundings().now)
    return datetime.fromisoformat(content["terminated_at"])
