"""An operator changes a customer's content key: killed at any step, another completes it, and nothing is lost."""

from datetime import timedelta

import pytest

from rpc import Kind
from seldesk.app.build import content_keys
from seldesk.app.rotating import renew_content_key
from seldesk.jobs.provision import Held, Provisioner
from seldesk.methods.control import leases, rotations
from seldesk.methods.desk import attachments, exports, links, tickets
from seldesk.storage import Ring
from tests.app.filled import made
from tests.phone import enrolled
from tests.world import World, mail


class Killed(BaseException):
    """The provisioner's process ends here."""


def process(world: World, killed_at: str = "") -> Provisioner:
    """The provisioner's, that is killed before it has written down that this step is done."""

    class Mortal(Held):
        async def done(self, step: str) -> None:
            if step == killed_at:
                raise Killed
            await super().done(step)

    async def work(held: Held) -> None:
        keys = content_keys(world.app.settings)
        await renew_content_key(world.app, keys, Mortal(held.control, held.claim), pause=0)

    return Provisioner(world.app.program(Kind.JOB), {"rotate": work})


async def ring(world: World) -> Ring:
    return await content_keys(world.app.settings).get(world.acme.id)


@pytest.mark.parametrize("step", ["renewed", "sealed anew"])
async def test_killed_at_any_step_it_is_completed_and_files_open(world: World, step: str) -> None:
    number = (await world.acme.mail(mail(files={"plan.txt": b"the plan"}))).ticket
    assert number is not None
    content = await made(world, world.acme)
    phone = await enrolled(world, "bo")
    (before,) = (await ring(world)).keys
    await world.app.program(Kind.COMMAND)(rotations.ask, slug="acme", what="content-key")
    with pytest.raises(Killed):
        await process(world, step).work()
    world.clock.move(timedelta(minutes=3))
    await process(world).work()
    progress = await world.app.program(Kind.COMMAND)(leases.read, slug="acme")
    assert (progress.over, progress.error) == (True, "")
    (after,) = (await ring(world)).keys
    assert after[0] == before[0] + 1
    assert after[1] != before[1]
    ann = world.acme.by_token("ann")
    read = await ann(tickets.read, number=number, messages=True)
    assert read.messages is not None
    (file,) = read.messages[0].files
    assert (await ann(attachments.read, attachment=file.id)).content == b"the plan"
    # What rows keep was sealed anew as well, and what is offered for a day.
    download = (await phone.call(exports.page)).exports[0].id
    offered = await phone.call(links.read, download)
    chunks = [await phone.call(links.chunk, download, at=at, key=offered.key) for at in range(offered.chunks)]
    assert b"".join(chunks) == content
    assert (await phone.sign_in(phone.code())).token is not None
