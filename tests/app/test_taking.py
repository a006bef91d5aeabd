"""A dump that owners take with them: fresh, without secrets, and PostgreSQL's own pg_restore opens it."""

from asyncio.subprocess import DEVNULL
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

import rpc
from orm.embedded import binaries
from orm.provision.programs import ended, running
from rpc import Kind
from seldesk.app.taking import taker
from seldesk.errors import TooManyTries
from seldesk.methods.desk import backups, links, tickets
from seldesk.models.control.download import UnderWay
from tests.faults import superuser
from tests.world import CLEO, PASSWORD, World

REFUSED = (rpc.Forbidden, rpc.MethodNotFound, rpc.Unauthenticated)


async def taken(world: World, bo: rpc.Call) -> UUID:
    assert (await bo(backups.download, password=PASSWORD)).asked
    await taker(world.app).work()
    return (await bo(backups.page)).downloads[0].id


async def content(bo: rpc.Call, download: UUID) -> bytes:
    found = await bo(links.read, download)
    return b"".join([await bo(links.chunk, download, at=at, key=found.key) for at in range(found.chunks)])


async def test_the_stock_program_restores_it_without_secrets(world: World, tmp_path: Path) -> None:
    bo = await world.acme.signed_in("bo")
    opened = await world.acme.by_token("ann")(tickets.open, subject="Smoke", body="It smokes.", requester_email=CLEO)
    download = await taken(world, bo)
    assert (await bo(links.read, download)).name == "acme-2026-03-02-0900.dump"
    file = tmp_path / "acme.dump"
    file.write_bytes(await content(bo, download))
    async with superuser(world.server, "postgres") as cluster:
        await cluster.execute("CREATE DATABASE elsewhere TEMPLATE template0")
    try:
        command = [str(binaries() / "pg_restore"), "--exit-on-error", str(file)]
        async with running(command, world.server.superuser, "elsewhere", stdin=DEVNULL, stdout=DEVNULL) as restoring:
            await ended("pg_restore", restoring)
        async with superuser(world.server, "elsewhere") as restored:
            assert await restored.fetchval("SELECT number FROM app.tickets") == opened.number
            assert await restored.fetchval("SELECT count(*) FROM app.people") == 3
            names = await restored.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'secret'")
            assert len(names) > 3
            for name in names:
                assert await restored.fetchval(f"SELECT count(*) FROM secret.{name[0]}") == 0, name[0]  # noqa: S608 - ours
    finally:
        async with superuser(world.server, "postgres") as cluster:
            await cluster.execute("DROP DATABASE IF EXISTS elsewhere WITH (FORCE)")


async def test_its_link_dies_after_a_day_and_owners_are_told(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    download = await taken(world, bo)
    await world.deliver(world.acme)
    (letter,) = [one for one in world.relay.sent if b"A backup to take away" in one.raw]
    assert letter.recipients == ["bo@acme.example"]
    world.clock.move(timedelta(hours=23))
    bo = await world.acme.signed_in("bo")
    assert await content(bo, download)
    world.clock.move(timedelta(hours=2))
    bo = await world.acme.signed_in("bo")
    with pytest.raises(rpc.NotFound):
        await bo(links.read, download)


async def test_only_an_owner_who_says_the_password_again_gets_one(world: World) -> None:
    """No agent, no program, nobody from next door; and one at a time, three in a day."""
    acme, globex = world.acme, await world.neighbour()
    bo, ann = await acme.signed_in("bo"), await acme.signed_in("ann")
    for caller in (ann, acme.by_token("ann"), acme.by_token("bo"), acme.calling(Kind.ANONYMOUS, "")):
        for method, given in ((backups.download, {"password": PASSWORD}), (backups.ask, {}), (backups.page, {})):
            with pytest.raises(REFUSED):
                await world.app.dispatcher.answer(caller.credential, method.name, given)
    refused = await bo(backups.download, password="not the password")
    assert not refused.asked
    download = await taken(world, bo)
    with pytest.raises(rpc.NotFound):
        await (await globex.signed_in("bo"))(links.read, download)
    await bo(backups.download, password=PASSWORD)
    with pytest.raises(UnderWay):
        await bo(backups.download, password=PASSWORD)
    await taker(world.app).work()
    await taken(world, bo)
    with pytest.raises(TooManyTries):
        await bo(backups.download, password=PASSWORD)


async def test_backing_up_now_is_for_owners_and_four_times_a_day(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    await bo(backups.ask)
    making = (await bo(backups.page)).shelf.making
    assert making is not None
    assert not making.begun
    with pytest.raises(rpc.Conflict):
        await bo(backups.ask)
    for _ in range(3):
        async with superuser(world.server, "seldesk_control") as connection:
            await connection.execute("UPDATE control.leases SET asked_at = NULL")
        await bo(backups.ask)
    async with superuser(world.server, "seldesk_control") as connection:
        await connection.execute("UPDATE control.leases SET asked_at = NULL")
    with pytest.raises(TooManyTries):
        await bo(backups.ask)
