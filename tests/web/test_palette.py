"""The palette, by keys and with a thumb."""

import pytest

from tests.web import story
from tests.web.theatre import Theatre, look

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.long
async def test_the_palette_is_worked_with_keys_alone(theatre: Theatre) -> None:
    async with theatre.context() as context:
        page = await theatre.open(context, "/desk/tickets/4821?view=open")
        active = "document.querySelector('#palette-box').getAttribute('aria-activedescendant')"
        await page.click(".composer textarea")
        await page.keyboard.press("Control+k")
        assert await page.evaluate(active) == "palette-assign"
        assert await page.is_visible("#palette-status-solved")
        assert not await page.is_visible("#palette-status-open"), "it is open"
        await page.keyboard.insert_text("omar")
        await page.wait_for_selector("#palette-found [role=option]")
        assert theatre.stage.last("palette.find") == {"query": "omar"}
        assert theatre.stage.called.count("palette.find") == 1, "only once nobody types any more"
        await page.keyboard.press("ArrowDown")
        assert await page.evaluate(active) == f"palette-person-{story.OMAR.id}"
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("ArrowUp")
        assert await page.evaluate(active) == "palette-search", "round the end"
        assert await look(page, "palette") == []
        await page.keyboard.press("Escape")
        assert not await page.is_visible("#palette")
        await page.keyboard.press("Control+k")
        await page.keyboard.type("status solved")
        async with page.expect_response("**/desk/tickets/4821"):
            await page.keyboard.press("Enter")
        assert theatre.stage.last("tickets.update") == {"number": 4821, "status": "solved"}
        await page.keyboard.press("Control+k")
        await page.keyboard.type("zzz")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk/search?query=zzz")
        await page.click("h1")
        await page.keyboard.press("g")
        await page.keyboard.press("u")
        await page.wait_for_url("**/desk/tickets?view=unassigned")
        assert theatre.troubles == []


@pytest.mark.long
async def test_the_palette_is_worked_with_a_thumb(theatre: Theatre) -> None:
    async with theatre.context("phone", color_scheme="dark") as context:
        page = await theatre.open(context, "/desk/tickets")
        await page.click(".seeker")
        assert not await page.is_visible("#palette-assign"), "there is no ticket"
        await page.fill("#palette-box", "dark")
        await page.click("text=Theme: Dark")
        assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
        await page.click(".seeker")
        await page.fill("#palette-box", "omar")
        await page.wait_for_selector("#palette-found [role=option]")
        assert await look(page, "palette-phone") == []
        await page.click(f"#palette-person-{story.OMAR.id}")
        await page.wait_for_url(f"**/desk/people/{story.OMAR.id}")
        assert theatre.troubles == []
