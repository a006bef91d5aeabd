"""Copies as the provisioner's process makes them, files and all: what was attached opens afterwards."""

import asyncio
import shutil
from pathlib import Path

import pytest

import rpc
from rpc import Kind
from seldesk.app import running
from seldesk.app.build import opened
from seldesk.methods.desk import attachments, people, tickets
from seldesk.methods.desk.shapes.tickets import FileRow
from tests.acceptance.processes import environment, run
from tests.app.copied import restored, standing
from tests.app.copies import copy
from tests.world import PASSWORD, Desk, World, address, mail, settings

PLAN = b"the plan" * 50_000  # more than one chunk of a sealed file


async def files(call: rpc.Call, number: int = 1) -> list[FileRow]:
    read = await call(tickets.read, number=number, messages=True)
    return [file for message in read.messages or [] for file in message.files]


async def attached(call: rpc.Call, number: int = 1) -> list[bytes]:
    """All files of a ticket, opened."""
    return [(await call(attachments.read, attachment=file.id)).content for file in await files(call, number)]


async def real_copy(world: World, desk: Desk | None) -> None:
    """Of a customer, or of the control database: in both stores, read back and decoded."""
    rows = await copy(world.app, desk.slug if desk else "")
    assert (rows[0].error, rows[0].replicas) == ("", 2)


@pytest.mark.long
@pytest.mark.fault(26)
async def test_from_one_store_and_one_key_store_the_command_brings_all_back_and_files_open(
    world: World, tmp_path: Path
) -> None:
    acme, globex = world.acme, await world.neighbour()
    await acme.mail(mail(files={"plan.txt": PLAN}))
    await real_copy(world, acme)
    await real_copy(world, None)
    # After the operator's own copy: of this one only its copy tells.
    initech = await world.neighbour("initech")
    await initech.mail(mail(to=initech.mailbox, files={"plan.txt": PLAN}))
    for desk in (globex, initech):
        await real_copy(world, desk)
    # Another machine, with the operator's keys and what lay in the second data centre.
    home, old = tmp_path / "home", world.app.settings.home
    for kept in ("secrets", "stores/b", "keys/b"):
        shutil.copytree(old / kept, home / kept)
    done = await asyncio.to_thread(run, "recover", "--from-store", "B", given=environment(home, COLUMNS="200"))
    assert done.returncode == 0, done.stderr
    assert not (home / "stores/a").exists() or not any((home / "stores/a").rglob("*.age"))
    for desk in (acme, globex, initech):
        assert desk.slug in done.stdout
    chosen = settings(home)
    with running.database(chosen) as found:
        async with opened(chosen, found.cluster, world.clock) as app:
            for desk, expected in ((acme, [PLAN]), (initech, [PLAN]), (globex, [])):
                ann = desk.of(app).by_token("ann")
                rows = (await ann(tickets.list)).items
                assert [await attached(ann, row.number) for row in rows] == [expected] * bool(expected)


@pytest.mark.long
async def test_what_was_attached_opens_beside_and_in_the_place(world: World) -> None:
    acme = world.acme
    await acme.mail(mail(files={"plan.txt": PLAN}))
    await real_copy(world, acme)
    await acme.mail(mail(subject="After the copy", message_id="<after@cleo.example>", files={"new.txt": b"new"}))
    beside = await restored(world, acme, "aside")
    assert beside.error == ""
    side = standing(acme, beside)
    answer = await side.calling(Kind.ANONYMOUS, "")(people.sign_in, email=address("ann", "acme"), password=PASSWORD)
    assert answer.token is not None
    ann, anybody = side.calling(Kind.PERSON, answer.token), side.calling(Kind.ANONYMOUS, "")
    links = [(await ann(attachments.link, attachment=file.id)).rpartition("/")[2] for file in await files(ann)]
    assert [(await anybody(attachments.download, token=link)).content for link in links] == [PLAN]
    replaced = await restored(world, acme, "live")
    assert (replaced.state, replaced.error) == ("done", "")
    ann = acme.by_token("ann")
    assert len((await ann(tickets.list)).items) == 1
    assert await attached(ann) == [PLAN]
