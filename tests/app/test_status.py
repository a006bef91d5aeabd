"""The status page: files that are written on each change, and served when nothing else is there."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from structlog.testing import capture_logs

import orm
from orm import StatementCounter
from seldesk.app.status import StatusFiles, probes, write_status
from seldesk.clock import SetClock
from seldesk.jobs.probing import Probe, Probing
from seldesk.layers import SettingsError
from seldesk.methods.console import ops_incidents
from seldesk.storage import Measured, Minutes
from tests.acceptance.fleet import nobody_else
from tests.faults import another, free_port
from tests.incidents import crowd, published, written
from tests.jobs.sink import speaking
from tests.staff import hired
from tests.web.console.test_console import browser
from tests.web.visitor import Visitor
from tests.world import MONDAY, World, settings

ATOM = "{http://www.w3.org/2005/Atom}"


def files(world: World) -> StatusFiles:
    return StatusFiles(world.app.settings, world.clock)


async def test_page_and_feed_say_what_everybody_may_know_and_no_customer(world: World) -> None:
    mara = await hired(world, "operations")
    await crowd(world, 2)
    hostile = "<script>alert(1)</script> \x0c & so on"
    incident = await published(mara, title="Größer & slower", text=hostile)
    await published(mara, "customers", customers="c0001", title="Not for everybody")
    await mara.call(ops_incidents.resolve, incident=incident, text="It is over.")
    await write_status(world.app, files(world), nobody_else)
    folder = world.app.settings.status.folder
    page, feed = ((folder / name).read_text() for name in ("status.html", "status.atom"))
    assert "Größer &amp; slower" in page
    assert "It is over." in page
    assert "<script" not in page
    for text in (page, feed, (folder / "told.json").read_text()):
        assert not any(word in text for word in ("acme", "Acme", "c0001", "Customer 1", "Not for everybody"))
    entries = Xml.fromstring(feed).findall(f"{ATOM}entry")  # noqa: S314 - ours
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Größer & slower: over",
        "Größer & slower: looking into it",
    ]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    assert sorted(one.name for one in folder.iterdir() if one.is_file()) == ["status.atom", "status.html", "told.json"]


async def test_it_is_served_when_the_control_database_is_away(world: World) -> None:
    mara = await hired(world, "operations")
    await published(mara)
    await write_status(world.app, files(world), nobody_else)
    away = orm.Address("127.0.0.1", free_port(), "postgres", "postgres", "")
    async with another(world, away) as desk, Visitor(desk.app.web(), host="localhost:8080", known=False) as visitor:
        assert (await visitor.get("/readyz")).status_code == 503
        with StatementCounter() as counter:
            page, feed = await visitor.get("/status"), await visitor.get("/status.atom")
        assert counter.count == 0
    assert (page.status_code, feed.status_code) == (200, 200)
    assert "Mail arrives late" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert feed.headers["content-type"].startswith("application/atom+xml")
    async with Visitor(world.app.web(), known=False) as visitor:
        assert (await visitor.get("/status")).status_code == 404


async def test_the_preview_in_the_console_is_the_page_that_follows(world: World) -> None:
    mara = await hired(world, "operations")
    incident = await written(mara)
    async with browser(world, mara.token) as visitor:
        shown = await visitor.get(f"/incidents/{incident}/preview/page")
        assert "frame-ancestors 'self'" in shown.headers["content-security-policy"]
        assert (await visitor.get(f"/incidents/{incident}/preview/mail")).status_code == 404
    await mara.call(ops_incidents.publish, incident=incident)
    await write_status(world.app, files(world), nobody_else)
    assert (world.app.settings.status.folder / "status.html").read_text() == shown.text


def test_minutes_are_counted_as_they_were_measured(tmp_path: Path) -> None:
    minutes, day = Minutes(tmp_path), date(2026, 3, 2)
    for minute in range(10):
        at = datetime(2026, 3, 2, 9, minute, tzinfo=UTC)
        minutes.note("pages", at, good=minute != 3)
        minutes.note("mail", at, good=minute not in (3, 4))
    minutes.note("pages", datetime(2026, 3, 2, 23, 59, tzinfo=UTC), good=True)
    assert minutes.measured(day, "pages") == Measured(10, 1)
    assert minutes.measured(day, "pages", "mail") == Measured(9, 2)
    assert minutes.measured(date(2026, 3, 3), "pages").share is None
    minutes.forget(date(2026, 3, 3))
    assert minutes.measured(day, "pages", "mail") == Measured()


async def test_availability_is_told_by_month_and_year_against_what_is_promised(tmp_path: Path) -> None:
    """43 minutes of a month of thirty days are kept, 44 are not."""
    chosen, clock = settings(tmp_path), SetClock(datetime(2026, 6, 30, 23, 59, tzinfo=UTC))
    status = StatusFiles(chosen, clock)
    for month, down in ((4, 43), (6, 44)):
        first = datetime(2026, month, 1, tzinfo=UTC)
        for day in range(30):
            place = status.minutes.folder / "pages" / f"{first + timedelta(days=day):%Y-%m-%d}"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"+" * 1440)
        for minute in range(down):
            status.minutes.note("pages", first + timedelta(minutes=minute), good=False)
    status.write()
    text = " ".join((chosen.status.folder / "status.html").read_text().split())
    assert _row(text, "April 2026") == ["99.900 %", "43 min", "Kept"]
    assert _row(text, "June 2026") == ["99.898 %", "44 min", "Missed"]
    assert _row(text, "2026") == ["99.899 %", "1 h 27 min", "Missed"]
    assert "May 2026" not in text.partition("By month")[2].partition("</table>")[0]
    assert "1 June 2026: 44 min down" in text


def _row(page: str, name: str) -> list[str]:
    row = page.partition(f'<th scope="row">{name}</th>')[2].partition("</tr>")[0]
    cells = [cell.partition("</td>")[0] for cell in row.split("<td")[1:]]
    return [cell.rpartition("</span>")[0].rpartition(">")[2] or cell.rpartition(">")[2] for cell in cells]


async def test_a_probe_measures_without_the_service_and_tells_it_on_the_page(tmp_path: Path) -> None:
    clock = SetClock(MONDAY)
    answer = [b"HTTP/1.1 200 OK\r\n\r\n"]

    async def door(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer[0])
        await writer.drain()

    async with speaking(door) as port:
        chosen = settings(tmp_path, SELDESK_STATUS__PROBES=f'["pages=http://127.0.0.1:{port}/readyz"]')
        status = StatusFiles(chosen, clock)
        probing = Probing(probes(chosen), status.minutes, clock, lambda: asyncio.to_thread(status.write))
        await probing.measure()
        page = (chosen.status.folder / "status.html").read_text()
        assert "All works" in page
        answer[0] = b"HTTP/1.1 503 Not now\r\n\r\n"
        with capture_logs() as told:
            for _ in range(3):
                clock.move(timedelta(minutes=1))
                await probing.measure()
        assert [(one["check"], one["subject"]) for one in told if one["event"] == "alert"] == [("probe", "pages")]
        assert status.minutes.measured(MONDAY.date(), "pages") == Measured(1, 3)
    assert not await Probe("pages", f"http://127.0.0.1:{port}/").answers(0.5)
    clock.move(timedelta(minutes=2))
    await probing.measure()
    page = (chosen.status.folder / "status.html").read_text()
    assert "Does not answer" in page
    assert "2 March 2026: 4 min down" in page


@pytest.mark.parametrize("said", ["pages", "pages=ftp://x", "=http://x", "tea=http://x/"])
def test_a_probe_that_cannot_be_is_refused_at_the_start(tmp_path: Path, said: str) -> None:
    with pytest.raises(SettingsError, match=r"status\.probes"):
        probes(settings(tmp_path, SELDESK_STATUS__PROBES=f'["{said}"]'))
