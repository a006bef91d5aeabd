"""Owners open a copy on the side and remove it again, and what was in a copy opens nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

import rpc
from rpc import Kind
from seldesk.app.aside import remove_sides
from seldesk.app.installation import provisioner
from seldesk.app.keeping import keep_copies
from seldesk.app.stores import archive
from seldesk.errors import Busy, NoSuchCopy
from seldesk.methods.control import restores
from seldesk.methods.desk import backups, people, sides, tickets, tokens
from tests.app.copied import copied, restored, standing, work
from tests.app.copies import copy
from tests.faults import superuser
from tests.world import PASSWORD, World, address, mail


async def nobody_else() -> None:
    """What a job calls to say that it is still at it."""


@pytest.mark.long
@pytest.mark.flaw("Odoo CVE-2018-14885")
async def test_an_owner_opens_a_copy_with_the_password_and_nobody_else_does(world: World) -> None:
    acme = world.acme
    await acme.mail(mail(subject="Before"))
    made = await copied(world, acme)
    bo, ann, stranger = (
        await acme.signed_in("bo"), await acme.signed_in("ann"), await (await world.neighbour()).signed_in("bo")
    )  # fmt: skip
    for call in (ann, acme.by_token("bo"), acme.calling(Kind.ANONYMOUS, ""), acme.calling(Kind.PERSON, "made up")):
        with pytest.raises(rpc.Error) as refused:
            await call(sides.ask, copy=made, password=PASSWORD)
        assert refused.value.status in (401, 403, 404)
    assert not (await bo(sides.ask, copy=made, password="any password at all")).asked
    with pytest.raises(NoSuchCopy):
        await stranger(sides.ask, copy=made, password=PASSWORD)
    assert await world.control_rows("SELECT count(*) FROM control.restores") == ["0"]
    assert (await bo(sides.ask, copy=made, password=PASSWORD)).asked
    (side,) = (await bo(backups.page)).sides
    assert (side.state, side.begun, side.until) == ("waiting", False, None)
    # However old it is by then: what waits for its turn stays.
    world.clock.move(timedelta(days=120))
    await world.app.program(Kind.JOB)(restores.drill)
    await keep_copies(world.app, archive(world.app.settings), nobody_else)
    assert await world.control_rows("SELECT count(*) FROM control.copies WHERE verified_at IS NOT NULL") == ["1"]
    world.clock.move(timedelta(days=-120))
    await work(world)
    (side,) = (await bo(backups.page)).sides
    assert (side.state, side.until) == ("open", world.clock.now() + timedelta(days=6))
    row = await world.app.program(Kind.JOB)(restores.read, restore=side.id)
    there = standing(acme, row).calling(Kind.ANONYMOUS, "")
    assert (await there(people.sign_in, email=address("bo", "acme"), password=PASSWORD)).token
    with pytest.raises(rpc.NotFound):
        await stranger(sides.remove, side=side.id)
    await bo(sides.remove, side=side.id)
    await world.app.refresh()
    assert world.app.directory.find(side.slug) is None
    await remove_sides(world.app, nobody_else)
    assert row.database not in await provisioner(world.app.settings, world.app.cluster).databases()
    assert [one.state for one in (await bo(backups.page)).sides] == ["done"]


@pytest.mark.long
async def test_one_that_waits_is_given_up_and_one_that_is_being_made_is_not(world: World) -> None:
    acme = world.acme
    made = await copied(world, acme)
    bo = await acme.signed_in("bo")
    for _ in range(2):
        await bo(sides.ask, copy=made, password=PASSWORD)
    second, first = (await bo(backups.page)).sides
    await bo(sides.remove, side=second.id)
    assert await world.app.program(Kind.JOB)(restores.claim) is not None
    with pytest.raises(Busy):
        await bo(sides.remove, side=first.id)
    assert [one.state for one in (await bo(backups.page)).sides] == ["done", "waiting"]


@pytest.mark.long
@pytest.mark.flaw("FreeScout CVE-2026-27637")
async def test_what_opened_a_door_when_the_copy_was_made_opens_none_after_it_was_restored(world: World) -> None:
    acme = world.acme
    bo = await acme.signed_in("bo")
    command = acme.program(Kind.COMMAND)
    invited = (await command(people.invite, email="new@acme.example", name="New", role="agent")).secret
    script = await command(tokens.create, email=address("bo", "acme"), name="script")
    made = await copied(world, acme)
    await bo(tokens.revoke, token=next(one.id for one in (await bo(tokens.page)).items if one.name == "script"))
    one = await restored(world, acme, "live", made)
    assert (one.state, one.error) == ("done", "")
    for call in (bo, acme.calling(Kind.TOKEN, script.secret)):
        with pytest.raises(rpc.Unauthenticated):
            await call(tickets.list)
    row = await restored(world, acme, "aside", made)
    there, secret = standing(acme, row), invited.rpartition("/")[2]
    with pytest.raises(rpc.Unauthenticated):
        await there.calling(Kind.TOKEN, script.secret)(tickets.list)
    with pytest.raises(rpc.Error):
        await there.calling(Kind.ANONYMOUS, "")(people.choose_password, token=secret, password=PASSWORD)


@pytest.mark.long
@pytest.mark.flaw("PostgreSQL CVE-2025-8715")
async def test_names_that_are_commands_to_psql_are_names_in_a_drill(world: World, tmp_path: Path) -> None:
    acme, ran = world.acme, tmp_path / "ran"
    said = f"x\n\\! touch {ran}\n\\copy app.tickets to program 'touch {ran}'\n"
    await acme.mail(mail(text=said))
    async with superuser(world.server, acme.database) as inside:
        await inside.execute(f"SET ROLE own_{acme.database}")
        await inside.execute(f'CREATE TABLE app."{said[:60]}" ("{said[:50]}" text)')
        await inside.execute(f'INSERT INTO app."{said[:60]}" VALUES ($1)', said)  # noqa: S608 - ours
    (row, *_) = await copy(world.app)
    assert row.verified_at is not None
    one = await restored(world, acme, "drill", row.id)
    assert (one.state, one.error) == ("done", "")
    assert not ran.exists()
    assert not [file for file in Path("orm").rglob("*.py") if "psql" in file.read_text()]
