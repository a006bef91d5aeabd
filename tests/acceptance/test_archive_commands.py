"""An operator takes a customer out and makes another one of it, by commands."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from rpc import Kind
from seldesk.methods.control import customers
from seldesk.methods.desk import people
from tests.acceptance.killable import place, process
from tests.acceptance.processes import run
from tests.app.filled import fill, rows
from tests.world import Desk, World

BO = "bo@acme.example"


async def said(world: World, *arguments: str, status: int = 0) -> tuple[str, str]:
    ended = await asyncio.to_thread(partial(run, *arguments, given={**place(world), "COLUMNS": "200"}))
    assert ended.returncode == status, ended.stderr
    return ended.stdout, " ".join(ended.stderr.split())


@pytest.mark.long
async def test_a_customer_leaves_by_one_command_and_comes_by_another(world: World, tmp_path: Path) -> None:
    await fill(world)
    file, spoilt = tmp_path / "acme.zip", tmp_path / "spoilt.zip"
    _, told = await said(world, "customer", "export", "acme", str(file))
    assert "rows and files of acme are in" in told
    _, told = await said(world, "customer", "export", "acme", str(file), status=1)
    assert "Failed: " in told
    spoilt.write_bytes(file.read_bytes()[:-1000])
    _, told = await said(world, "customer", "import", str(spoilt), "--as", "again", "--owner", BO, status=1)
    assert "Failed: spoilt.zip is damaged, or no zip archive" in told
    ann = "ann@acme.example"
    _, told = await said(world, "customer", "import", str(file), "--as", "again", "--owner", ann, status=1)
    assert "Name an owner, or somebody new." in told
    async with process(world, "provision", tmp_path) as provisioner:
        await provisioner.start()
        link, told = await said(world, "customer", "import", str(file), "--as", "again", "--owner", BO)
        assert await provisioner.stop() == 0
    assert "are in again now" in told
    await world.app.refresh()
    row = await world.app.program(Kind.COMMAND)(customers.read, slug="again")
    desk = Desk(world.app, row.slug, row.id, row.database)
    there, here = await rows(world, desk), await rows(world, world.acme)
    # What was done to either since is in its own audit.
    for goes_on in ("log.audit", "app.audit_facts", "app.audit_heads"):
        there.pop(goes_on), here.pop(goes_on)
    assert {name: len(found) for name, found in there.items()} == {name: len(found) for name, found in here.items()}
    anybody, token = desk.calling(Kind.ANONYMOUS, ""), link.strip().rpartition("/")[2]
    await anybody(people.choose_password, token=token, password="another good horse")
    assert (await anybody(people.sign_in, email=BO, password="another good horse")).role == "owner"
