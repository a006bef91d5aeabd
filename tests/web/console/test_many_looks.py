"""The list of very many customers on a phone, in a real browser: who and how, in a few short lines each."""

from pathlib import Path

import pytest

from orm.testing import Server
from tests.many import AWAY, UNCOVERED, many
from tests.staff import hired
from tests.web.console.test_looks import signed_in, stood_up
from tests.web.theatre import inspect

WIDTH, HEIGHT = 390, 844
# Pixels: it was more than twice as much.
TALLEST = 110


@pytest.mark.long
async def test_a_customer_is_a_few_short_lines_on_a_phone(cluster: tuple[Server, Path]) -> None:
    async with stood_up(cluster) as (world, browser, base):
        mara = await hired(world, "operations")
        await many(world, 120)
        async with signed_in(browser, base, mara) as page:
            await page.goto(f"{base}/")
            faults = await inspect(page, "console-many")
            await page.goto(f"{base}/customers?order=health")
            faults += await inspect(page, "console-customers-many")
            await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            rows = page.locator(".customers-list tbody tr")
            heights = await rows.evaluate_all("rows => rows.map(row => row.offsetHeight)")
            worst, next_worst = [" ".join((await rows.nth(at).inner_text()).split()) for at in (0, 1)]
            await page.goto(f"{base}/")
            first = await page.locator(".console-matters").bounding_box()
    assert faults == []
    assert (len(heights), max(heights) <= TALLEST) == (50, True), heights
    for words in (AWAY, "Customer 5", "Does not answer", "Active", "Copy", "old", "Trial", "main", "10.0 MB"):
        assert words in worst, words
    assert UNCOVERED in next_worst
    assert "No new copy" in next_worst
    assert first is not None
    assert first["y"] < HEIGHT / 2
