"""Somebody who signs up at the public site of a real installation, step by step."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx2

from rpc import Kind
from seldesk.app.operations import operations
from seldesk.jobs.founding import Founder
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.provision import Provisioner
from seldesk.surroundings import OPERATOR
from tests.faults import superuser
from tests.web.visitor import Visitor
from tests.world import World

NINA = "nina@nordwind.example"
FIELDS = {
    "organisation": "Nordwind AG",
    "slug": "nordwind",
    "name": "Nina Nord",
    "email": NINA,
    "country": "AT",
    "plan": "trial",
    "terms": "true",
}
PASSWORD = "a long enough password"
LINK = re.compile(r"http://\S+/sign-up/confirm/(\S+)")


@dataclass
class Newcomer:
    world: World
    address: str = "203.0.113.7"
    site: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.site = Visitor(self.world.app.web(), "localhost:8080", address=self.address, known=False)

    async def sign_up(self, **given: str) -> httpx2.Response:
        return await self.site.submit("/sign-up", "/sign-up", FIELDS | given)

    async def token(self, **given: str) -> str:
        """The secret in the link that was mailed."""
        answer = await self.sign_up(**given)
        assert answer.status_code == 303, answer.text
        return await self.mailed()

    async def mailed(self) -> str:
        await deliver(self.world)
        return token_in(letters(self.world)[-1])

    async def confirm(self, token: str, **given: str) -> httpx2.Response:
        path = f"/sign-up/confirm/{token}"
        return await self.site.submit(path, path, given)

    async def progress(self) -> str:
        answer = await self.site.get("/sign-up/progress")
        assert answer.status_code == 200, answer.text
        return answer.text


def letters(world: World) -> list[EmailMessage]:
    return [message_from_bytes(one.raw, EmailMessage, policy=policy.default) for one in world.relay.sent]


def token_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    found = LINK.search(body.get_content())
    assert found, body.get_content()
    return found[1]


async def deliver(world: World) -> None:
    """Send what is due from the operator's own outbox."""
    await Outboxes(world.app.program(Kind.JOB), world.app.job, world.relay).drain(OPERATOR.id)


async def provision(world: World) -> None:
    """Make the databases that were asked for."""
    app = world.app
    await Provisioner(app.program(Kind.JOB), operations(app)).work()
    await app.refresh()


async def found(world: World) -> None:
    """Give them their owners."""
    await Founder(world.app.program(Kind.JOB), world.app.job).work()


async def rows(world: World, statement: str) -> list[str]:
    """The first column of what the superuser sees in the control database."""
    async with superuser(world.server, world.app.settings.database.control) as connection:
        return [str(row[0]) for row in await connection.fetch(statement)]
