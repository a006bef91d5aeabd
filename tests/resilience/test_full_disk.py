"""No room is left: for files, or for PostgreSQL."""

import asyncio
import io
import json
import logging
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

import orm
import rpc
from orm.testing import Server
from seldesk.app.alarms import Alarms
from seldesk.app.failures import observe
from seldesk.logs import configure
from seldesk.methods.desk import tickets
from seldesk.storage import Place
from tests.app.test_watching import Ear
from tests.faults import superuser
from tests.inbound.test_smtp import door, refused, send
from tests.resilience.small_disk import small_disk
from tests.resilience.stand import busy, postgres_of, stand
from tests.web.test_once import browser, hidden, session
from tests.web.visitor import FROM_OUR_PAGE
from tests.world import CLEO, mail
from tests.world import world as made

FILES = {"files": ("smoke.bin", b"\0" * 50_000, "application/octet-stream")}


@pytest.mark.long
@pytest.mark.fault(11)
async def test_a_store_that_is_full_takes_no_file_says_so_and_harms_nothing_else(
    cluster: tuple[Server, Path], tmp_path: Path, logs_as_before: None
) -> None:
    configure("error", console=False, stream=io.StringIO())
    with small_disk(tmp_path / "disk", "256k") as disk:
        Place.prepare(str(disk.folder / "store"))
        async with made(*cluster, SELDESK_STORES=f'["{disk.folder / "store"}"]') as world:
            ann = world.acme.by_token("ann")
            number = (await ann(tickets.open, subject="S", body="It smokes.", requester_email=CLEO)).number
            page = f"/desk/tickets/{number}"
            disk.fill()
            ear = Ear()
            alarms = Alarms([ear], world.clock, 20, together=0.0)
            logging.getLogger().addHandler(alarms)
            async with browser(world.acme, await session(world.acme, "ann")) as client, door(world.acme) as smtp:
                fields = await hidden(client, page) | {"body": "Look at this."}
                full = await client.post(f"{page}/replies", data=fields, files=FILES, headers=FROM_OUR_PAGE)
                assert full.status_code == 507
                assert full.headers["x-request-id"]
                assert "There is no room for files at the moment, and nothing was changed." in full.text
                assert "Look at this." in full.text
                assert await refused(smtp, mail()) == 451
                await ann(tickets.note, number=number, body="Without a file.")
                disk.make_room()
                again = await client.post(f"{page}/replies", data=fields, files=FILES, headers=FROM_OUR_PAGE)
                assert again.status_code == 303
                assert await send(smtp, mail()) == {}
            logging.getLogger().removeHandler(alarms)
            await alarms.send()
            assert [str(alarm) for told in ear.told for alarm in told.alarms] == [
                "room: stores: There is no room: files and mails are refused."
            ]
            texts = await world.rows(world.acme, "SELECT text FROM app.messages ORDER BY created_at, id")
            assert texts[:3] == ["It smokes.", "Without a file.", "Look at this."]
            assert len(texts) == 4


@pytest.mark.long
@pytest.mark.fault(11)
async def test_a_postgresql_without_room_refuses_clearly_and_has_all_it_acknowledged(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "600m") as disk:
        async with stand(tmp_path / "home", within=disk.folder) as one:
            async with busy(one):
                disk.fill()
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await write_much(one.world.server)
                await asyncio.sleep(5)
                disk.make_room()
                # Whoever watches over it starts it, if it had to give up.
                await asyncio.to_thread(postgres_of(one.world).start)
            assert one.failures
            await one.check(twice=4)


@pytest.mark.fault(11)
def test_what_postgresql_refuses_for_want_of_room_is_told_without_a_database(logs_as_before: None) -> None:
    configure("error", console=False, stream=(stream := io.StringIO()))
    for state in (orm.DISK_FULL, "57014"):
        error = orm.Unavailable(sqlstate=state)
        observe(
            rpc.Observation(
                method="tickets.open",
                kind=rpc.Kind.TOKEN,
                place="acme",
                request_id="r",
                seconds=0.1,
                error="unavailable",
                exception=error,
            )
        )
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert (line["event"], line["check"], line["subject"]) == ("alert", "room", "PostgreSQL")


async def write_much(server: Server) -> None:
    """As much as many writers: what comes next finds no room for another file of the log."""
    async with superuser(server, "postgres") as connection:
        for _ in range(20):
            await connection.execute("SELECT pg_logical_emit_message(false, 'x', repeat('x', 8000000))")
