"""Pages that people work with: by keys, with a thumb and without JavaScript."""

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from tests.web import story
from tests.web.conversation import conversation
from tests.web.theatre import Theatre, look

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_ticket_is_worked_with_keys_and_without_loading_a_page(theatre: Theatre) -> None:
    conversation(theatre.stage)
    async with theatre.context() as context:
        page = await theatre.open(context, "/desk/tickets?view=open")
        await page.evaluate("window.stays = true")
        for key in "jjo":
            await page.keyboard.press(key)
        await page.wait_for_url("**/desk/tickets/4821?view=open")
        await page.wait_for_selector(".composer")
        assert "#4821" in await page.title()
        await page.keyboard.press("r")
        await page.keyboard.type("Hello from the keys")
        await page.keyboard.press("Control+Enter")
        await page.wait_for_selector("text=Hello from the keys >> nth=0")
        assert await page.input_value(".composer textarea") == ""
        assert theatre.stage.last("tickets.reply")["status"] == "solved"
        await page.keyboard.press("n")
        assert await page.is_checked("#as-note")
        assert not await page.is_visible("text=Send, solve")
        await page.keyboard.press("Escape")
        for key in "ae":
            async with page.expect_response("**/desk/tickets/4821"):
                await page.keyboard.press(key)
        await expect(page.locator(".htmx-request")).to_have_count(0)
        changes = [asked for name, asked, _ in theatre.stage.calls if name == "tickets.update"]
        assert changes == [{"number": 4821, "assignee": story.ANN.id}, {"number": 4821, "status": "solved"}]
        await page.keyboard.press("?")
        assert await page.is_visible("#keys")
        await page.keyboard.press("Escape")
        await page.keyboard.press("j")
        await page.wait_for_url("**/desk/tickets/4820?view=open")
        await page.go_back()
        await page.wait_for_url("**/desk/tickets/4821?view=open")
        assert await page.evaluate("window.stays")
        assert theatre.troubles == []


async def test_everything_works_without_javascript(theatre: Theatre) -> None:
    conversation(theatre.stage)
    async with theatre.context("phone", java_script_enabled=False) as context:
        page = await theatre.open(context, "/desk/sign-in?next=/desk/tickets?view=open")
        await page.fill("#email", "ann@acme.example")
        await page.fill("#password", "correct horse")
        await page.press("#password", "Enter")
        await page.click("#row-4821")
        await page.select_option("#priority", "urgent")
        async with page.expect_navigation():
            await page.click(".pick:has(#priority) button")
        assert theatre.stage.last("tickets.update") == {"number": 4821, "priority": "urgent"}
        await page.set_input_files("[name=files]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
        await page.fill(".composer textarea", "Hello by hand")
        async with page.expect_navigation():
            await page.click("text=Send, wait")
        assert await page.is_visible("text=Hello by hand")
        assert [file.name for file in theatre.stage.last("tickets.reply")["files"]] == ["a.txt"]
        await page.check("#as-note", force=True)
        await page.fill(".composer textarea", "Between us")
        async with page.expect_navigation():
            await page.click("text=Add note")
        assert theatre.stage.last("tickets.note") == {"number": 4821, "body": "Between us"}
        await page.click("[aria-label=Menu]")
        await page.click("#me summary")
        async with page.expect_navigation():
            await page.click("text=Sign out")
        assert page.url.endswith("/desk/sign-in")


@pytest.mark.long
async def test_the_browsers_zone_is_offered_until_one_is_chosen(theatre: Theatre) -> None:
    me = replace(story.desk().me, zone_chosen=False)
    page_of = theatre.stage.answers["tickets.queue"]
    theatre.stage.answers["tickets.queue"] = lambda asked: replace(page_of(asked), desk=replace(story.desk(), me=me))
    async with theatre.context(timezone_id="America/New_York") as context:
        page = await theatre.open(context, "/desk/tickets")
        await page.wait_for_selector("text=This browser is in America/New York.")
        assert await look(page, "zone-offer") == []
        theatre.stage.answers["tickets.queue"] = page_of
        await page.click("text=Use America/New York")
        await page.wait_for_selector("#zone-offer", state="detached")
        assert theatre.stage.last("profile.move") == {"zone": "America/New_York"}
        assert theatre.troubles == []


@pytest.mark.long
async def test_a_theme_is_kept_and_never_flashes(theatre: Theatre) -> None:
    async with theatre.context(color_scheme="light") as context:
        page = await theatre.open(context, "/desk/tickets")
        await page.click("#me summary")
        await page.click("[data-theme-choice=dark]")
        ground = "getComputedStyle(document.body).backgroundColor"
        assert await page.evaluate(ground) == "rgb(14, 19, 27)"
        await page.goto(theatre.address("/desk/tickets/4821"), wait_until="commit")
        assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
        await page.wait_for_load_state()
        assert await page.evaluate(ground) == "rgb(14, 19, 27)"
        assert await page.get_attribute("[data-theme-choice=dark]", "aria-pressed") == "true"


@pytest.mark.flaw("FreeScout CVE-2024-34697")
@pytest.mark.asvs("V1.3.1")
async def test_the_html_of_a_mail_can_do_nothing_to_the_desk(theatre: Theatre) -> None:
    theatre.stage.answers["messages.body"] = (
        "<!doctype html><body><p id=p>Hello</p><script>parent.document.title='taken'; document.title='ran'</script>"
        "<img src=x onerror=\"document.body.dataset.ran='yes'\"><form action='http://evil.example'><input></form>"
    )
    async with theatre.context() as context:
        page = await theatre.open(context, "/desk/tickets/4821")
        await page.click("text=Show as sent")
        frame = page.frame_locator("iframe").first
        await frame.locator("#p").wait_for()
        assert await page.title() != "taken"
        inner = next(frame for frame in page.frames if frame != page.main_frame)
        assert await inner.evaluate("document.body.dataset.ran ?? document.title") == ""
        assert await inner.evaluate("self.origin") == "null"


@pytest.mark.long
@pytest.mark.parametrize("script", [True, False])
async def test_many_tickets_are_changed_and_put_back(theatre: Theatre, script: bool) -> None:
    faults: list[str] = []
    async with theatre.context("phone" if script else "wide", java_script_enabled=script) as context:
        page = await theatre.open(context, "/desk/tickets?view=all")
        assert not await page.is_visible("#bulk")
        await page.check("#tick-4821")
        await page.check("#tick-4820")
        await page.select_option("#bulk [name=priority]", "high")
        faults += await look(page, f"queue-ticked-{script}", read=script)
        await page.click("#bulk button.go")
        await page.wait_for_selector(".done-bulk >> text=1 ticket changed")
        assert theatre.stage.last("tickets.update_many") == {"numbers": [4821, 4820], "priority": "high"}
        assert not await page.is_visible("#bulk"), "what was ticked is not ticked any more"
        faults += await look(page, f"queue-done-{script}", read=script)
        await page.click(".done-bulk >> text=Undo")
        await page.wait_for_selector(".done-bulk >> text=1 ticket put back")
        assert theatre.stage.last("tickets.undo") == {"bulk": story.id_of("bulk")}
    assert faults == []


async def test_keys_open_a_list_and_send_nothing_on_the_way(theatre: Theatre, windows: dict[str, Page]) -> None:
    """An arrow on a closed list would set each status that it passes, and mail each agent."""
    page = windows["ann"]
    await page.goto(theatre.address("/desk/tickets/4821"))
    for name in ("status", "assignee"):
        before = await page.input_value(f"#{name}")
        await page.focus(f"#{name}")
        await page.keyboard.press("ArrowDown")
        assert await page.input_value(f"#{name}") == before
        await page.keyboard.press("Escape")
    assert "tickets.update" not in theatre.stage.called
    assert theatre.troubles == []
