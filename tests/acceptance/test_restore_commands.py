"""An operator restores: on the side, in its place, and what came in since."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seldesk.methods.desk import tickets
from tests.acceptance.killable import place, process
from tests.acceptance.processes import run
from tests.app.copied import copied
from tests.world import World, mail


@pytest.mark.long
async def test_an_operator_restores_by_commands(world: World, tmp_path: Path) -> None:
    world.clock.set(datetime.now(UTC) - timedelta(minutes=5))
    await world.acme.mail(mail())
    world.clock.move(timedelta(minutes=1))
    copy = await copied(world, world.acme)
    world.clock.move(timedelta(minutes=1))
    await world.acme.mail(mail(subject="After the copy", message_id="<after@cleo.example>"))

    async def said(*arguments: str) -> str:
        done = await asyncio.to_thread(run, "backup", *arguments, given=place(world, COLUMNS="200"))
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    async with process(world, "provision", tmp_path) as provisioner:
        await provisioner.start()
        aside = await said("restore", "acme", "--aside", "--copy", str(copy))
        assert "http://acme--" in aside
        assert "1 mails that waited in it are not sent" in aside
        assert "not in it (RPO); it took 0:00:" in aside
        address = aside.partition("http://")[2].partition(".")[0]
        assert "open" in await said("restores", "acme")
        await said("close", address)
        assert "whole" in await said("drill", "acme")
        assert "stands at" in await said("restore", "acme", "--live", "--copy", str(copy))
        assert await provisioner.stop() == 0
    await world.app.refresh()

    async def subjects() -> list[str]:
        return sorted(row.subject for row in (await world.acme.by_token("ann")(tickets.list)).items)

    assert await subjects() == ["The printer smokes"]
    assert "1 mails came in" in await said("mail", "acme")
    assert "1 of them are taken in" in await said("mail", "acme", "--feed")
    assert await subjects() == ["After the copy", "The printer smokes"]
