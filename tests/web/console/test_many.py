"""The console beside very many customers: a page reads what it shows, and begins with those who need somebody."""

import re

from orm import StatementCounter
from tests.many import AWAY, FAILING, UNCOVERED, many
from tests.staff import hired
from tests.web.console.test_console import LISTS, browser
from tests.world import World

NUMBER = 300
# A page of 50 and what stands around it, or the bars of a picture.
ROWS = 120


async def test_no_page_reads_more_the_more_customers_there_are(world: World) -> None:
    mara = await hired(world, "support", "operations", "security", "billing")
    await many(world, NUMBER)
    await world.control_rows(
        "UPDATE control.customers SET state = 'terminated', terminated_at = created_at, erase_at = created_at"
        " WHERE database LIKE 'c_crowd%' AND slug < 'c0200' AND slug > 'c0100' RETURNING 1"
    )
    read = {}
    async with browser(world, mara.token) as visitor:
        for path in (*LISTS, "/incidents/new", "/customers/c0001"):
            with StatementCounter() as counter:
                answer = await visitor.get(path)
            assert (answer.status_code, counter.count <= 8) == (200, True), path
            read[path] = counter.rows
        shown = (await visitor.get("/clean-ups")).text
        assert "99 customers go." in shown
        following = re.search(r'rel="next" href="([^"]+)"', shown)
        assert following
        assert (await visitor.get(following[1])).text.count("Terminated ") == 49
    assert {path: rows for path, rows in read.items() if rows > ROWS} == {}


async def test_the_first_page_names_those_who_need_somebody_the_worst_first(world: World) -> None:
    mara = await hired(world, "operations")
    await many(world, NUMBER)
    async with browser(world, mara.token) as visitor:
        shown = " ".join((await visitor.get("/")).text.split())
        matters = shown[shown.index("Needs attention") : shown.index("console-cards")]
        assert re.findall(r'href="/customers/([^"]+)"', matters) == [AWAY, UNCOVERED, FAILING]
        for words in (
            "1 customer without a good copy for 18 hours",
            "did not answer: unavailable",
            "OSError after step",
        ):
            assert words in matters, words
        assert 'href="/customers?order=health"' in matters
        worst = re.findall(r'href="/customers/(c\d+)"', (await visitor.get("/customers?order=health")).text)
        assert worst[:3] == [AWAY, UNCOVERED, FAILING]
        figures = (await visitor.get("/backups")).text
        assert f"1 of {NUMBER + 1} customers are over 14 hours, 1 over the promised 18" in figures
