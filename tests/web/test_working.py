"""Pages that people work with: by keys, with a thumb, without JavaScript, and when something goes wrong."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

import rpc
from seldesk.errors import NewerMessage
from seldesk.methods.desk.shapes.tickets import TicketPage, Written
from tests.web import reply_pages, story
from tests.web.stage import SESSION, Stage
from tests.web.theatre import Theatre, inspect, look

pytestmark = pytest.mark.asyncio(loop_scope="module")


def conversation(stage: Stage) -> None:
    """Makes the stage remember what is written."""
    page, messages = stage.answers["tickets.page"], story.messages()

    def shown(asked: dict[str, Any]) -> TicketPage:
        still: TicketPage = page(asked)
        ticket = replace(still.ticket, number=asked["number"], last_message=messages[-1].id)
        return replace(still, ticket=ticket, messages=[*messages])

    def replied(asked: dict[str, Any]) -> Written:
        if asked["seen"] != messages[-1].id:
            raise NewerMessage
        text = f"<p>{asked['body']}</p>"
        messages.append(story.message(f"n{len(messages)}", side="agent", author="Ann Berg", markdown=text))
        return Written(messages[-1].id, asked["number"], asked["status"])

    stage.answers |= {"tickets.page": shown, "tickets.reply": replied}
    stage.answers["somebody writes"] = lambda: messages.append(story.message("late", text="Wait!"))


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


@pytest.mark.long
async def test_each_message_has_a_key_of_its_own_though_the_page_stays(theatre: Theatre) -> None:
    conversation(theatre.stage)
    async with theatre.context() as context:
        page = await theatre.open(context, "/desk/tickets/4821")
        for text in ("One by one", "Two by two"):
            await page.fill(".composer textarea", text)
            await page.click("text=Send, wait")
            await page.wait_for_selector(f".message >> text={text}")
        first, second = theatre.stage.keys[-2:]
        assert first != second
        await page.go_back()
        await page.go_forward()
        await page.wait_for_selector(".composer")
        assert await page.input_value("[name=once]") not in theatre.stage.keys
        assert theatre.troubles == []


@pytest.mark.long
async def test_what_is_typed_survives_whatever_goes_wrong(theatre: Theatre) -> None:
    conversation(theatre.stage)
    async with theatre.context() as context:
        page = await theatre.open(context, "/desk/tickets/4821")
        text = ".composer textarea"
        await page.fill(text, "A long answer")
        theatre.stage.answers["somebody writes"]()
        await page.click("text=Send, wait")
        await page.wait_for_selector(".composer .wrong")
        assert await page.is_visible("text=Wait!")
        assert await page.input_value(text) == "A long answer"
        reply = theatre.stage.answers["tickets.reply"]
        theatre.stage.answers["tickets.reply"] = ZeroDivisionError()
        await page.click("text=Send, wait")
        await page.wait_for_selector("#notice >> text=Something broke")
        await context.clear_cookies(name="session")
        await page.click("text=Send, wait")
        await page.wait_for_selector("#notice >> text=signed out")
        await context.add_cookies([{"name": "session", "value": SESSION, "url": theatre.address("/")}])
        await context.set_offline(True)
        await page.click("text=Send, wait")
        await page.wait_for_selector("#notice >> text=cannot be reached")
        assert await page.input_value(text) == "A long answer"
        await context.set_offline(False)
        theatre.stage.answers["tickets.reply"] = reply
        await page.click("text=Send, wait")
        await page.wait_for_selector(".message >> text=A long answer")
        assert await page.input_value(text) == ""


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
async def test_a_reply_is_taken_back_before_it_leaves(theatre: Theatre) -> None:
    page_of = theatre.stage.answers["tickets.page"]

    def pending(asked: Any) -> TicketPage:
        shown: TicketPage = page_of(asked)
        mine = next(message for message in shown.messages if message.side == "agent" and message.kind == "message")
        leaving = replace(mine, delivery="queued", undo_until=story.NOW + timedelta(seconds=60))
        return replace(shown, messages=[leaving if one is mine else one for one in shown.messages])

    theatre.stage.answers["tickets.page"] = pending
    for size, scheme in (("wide", "light"), ("phone", "dark")):
        async with theatre.context(size, color_scheme=scheme) as context:
            page = await theatre.open(context, "/desk/tickets/4821")
            assert await look(page, f"undo-{size}") == []
            await page.wait_for_selector("[data-seconds] >> text=/^5\\d$/")
            async with page.expect_response("**/undo"):
                await page.get_by_role("button", name="Undo").click()
            assert theatre.stage.last("tickets.take_back")["number"] == 4821
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


@pytest.mark.long
async def test_a_note_is_written_with_all_that_helps(theatre: Theatre) -> None:
    async with theatre.context("wide", color_scheme="light") as context:
        page = await theatre.open(context, "/desk/tickets/4821")
        await page.set_input_files("[name=files]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"aa"})
        await page.set_input_files("[name=files]", {"name": "b.txt", "mimeType": "text/plain", "buffer": b"b"})
        await page.keyboard.press("n")
        await page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.items.add(new File(["png"], "image.png", { type: "image/png" }));
              document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
            }"""
        )
        assert "3 of 20 files, 6 B" in await page.inner_text(".names")
        await page.click("[aria-label='Remove a.txt']")
        assert await page.inner_text("[aria-label='Files that go with it']") != ""
        await page.focus(".composer textarea")
        await page.keyboard.type("Ask @li")
        assert await page.inner_text(".mentions [aria-selected=true]") == "Bo Lind"
        faults = await look(page, "composer-mentions")
        async with page.expect_response(lambda answer: "now" in (answer.request.post_data or "")) as kept:
            await page.keyboard.press("Enter")
            await page.keyboard.type("**now**")
        assert (await kept.value).status == 204
        assert theatre.stage.last("drafts.keep")["body"] == "Ask @Bo Lind **now**"
        await page.wait_for_selector("text=Draft kept")
        await page.click("[aria-label=Preview]")
        await page.wait_for_selector(".preview strong >> text=now")
        faults += await look(page, "composer-preview")
        await page.click("[aria-label=Preview]")
        async with page.expect_response("**/notes"):
            await page.keyboard.press("Control+Enter")
        sent = theatre.stage.last("tickets.note")
        assert (sent["body"], [file.name for file in sent["files"]]) == (
            "Ask @Bo Lind **now**",
            ["b.txt", "picture-3.png"],
        )
        await page.goto(theatre.address("/desk/tickets/new"))
        await page.check("#by-mail")
        await page.focus("#requester_email")
        async with page.expect_response("**/desk/people?query=omar"):
            await page.keyboard.type("omar")
        await page.wait_for_selector("#known-people option", state="attached")
        await page.fill("#requester_email", "omar@haddad-logistics.example")
        assert await page.input_value("#requester_name") == "Omar Haddad"
        faults += await look(page, "new-by-mail")
        assert faults + theatre.troubles == []


HOLDING = "const data = new DataTransfer(); data.items.add(new File(['plan'], 'plan.txt', { type: 'text/plain' }));"


async def drag(page: Page, event: str, onto: str) -> bool:
    """Whether the page takes what is dragged there; what it does not take, the browser would open in its place."""
    moved = f"const moved = new DragEvent('{event}', {{ dataTransfer: data, bubbles: true, cancelable: true }});"
    return not await page.evaluate(
        f"() => {{ {HOLDING} {moved} return document.querySelector('{onto}').dispatchEvent(moved); }}"
    )


@pytest.mark.long
async def test_files_are_dropped_on_the_composer(theatre: Theatre) -> None:
    async with theatre.context("wide", color_scheme="light") as context:
        page = await theatre.open(context, "/desk/tickets/4821")
        assert not await drag(page, "dragover", ".sidebar, aside")
        for onto in (".composer footer", ".composer textarea"):
            assert await drag(page, "dragover", onto)
            assert await page.is_visible(".composer.dropping")
            faults = await look(page, "composer-dropping")
            assert await drag(page, "drop", onto)
            assert not await page.is_visible(".composer.dropping")
        assert "2 of 20 files, 8 B" in await page.inner_text(".names")
        await page.click("[aria-label='Remove plan.txt'] >> nth=0")
        await page.fill(".composer textarea", "The plan")
        async with page.expect_response("**/replies"):
            await page.click("text=Send, wait")
        assert [(file.name, file.content) for file in theatre.stage.last("tickets.reply")["files"]] == [
            ("plan.txt", b"plan")
        ]
        assert faults + theatre.troubles == []


async def test_a_key_opens_the_list_and_the_text_goes_to_the_cursor(theatre: Theatre, windows: dict[str, Page]) -> None:
    page = windows["ann"]
    await page.goto(theatre.address("/desk/tickets/4821"))
    text, lines = page.locator(".composer textarea"), page.locator(".saved-replies-list .line")
    await text.fill("Before\n\nAfter")
    await text.evaluate("text => text.setSelectionRange(7, 7)")
    await text.press("Escape")
    await page.keyboard.press("s")
    await expect(lines.first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".saved-replies > summary")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(lines.first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(lines.nth(1)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(text).to_have_value("Before\nHello Omar Haddad,\n\nplease pull the plug.\nAfter")
    await expect(text).to_be_focused()
    assert theatre.stage.last("saved_replies.fill")["reply"] == reply_pages.names()[1].id
    assert theatre.troubles == []


async def test_a_new_ticket_takes_a_saved_reply_by_the_same_key(theatre: Theatre, windows: dict[str, Page]) -> None:
    page = windows["ann"]
    await page.goto(theatre.address("/desk/tickets/new"))
    lines = page.locator(".saved-replies-list .line")
    await expect(page.locator(".saved-replies")).to_be_hidden()
    await page.fill("[name=requester_email]", "cleo@cleo.example")
    await page.check("#by-mail")
    faults = await inspect(page, "new-by-mail")
    await page.locator("#body").press("Escape")
    await page.keyboard.press("s")
    await expect(lines.first).to_be_focused()
    faults += await look(page, "new-by-mail-saved-replies")
    await page.keyboard.press("Enter")
    await expect(page.locator("#body")).to_have_value("Hello Omar Haddad,\n\nplease pull the plug.")
    await expect(page.locator("#body")).to_be_focused()
    assert theatre.stage.last("saved_replies.fill_new")["requester_email"] == "cleo@cleo.example"
    assert faults + theatre.troubles == []


async def test_who_signs_in_in_another_tab_sends_what_was_written(theatre: Theatre, windows: dict[str, Page]) -> None:
    page = windows["ann"]
    sent = theatre.stage.answers["tickets.open"]
    theatre.stage.answers["tickets.open"] = rpc.Unauthenticated()
    await page.goto(theatre.address("/desk/tickets/new"))
    for name, value in (("requester_email", "cleo@cleo.example"), ("subject", "A call"), ("body", "She phoned")):
        await page.fill(f"[name={name}]", value)
    await page.click("[data-sends]")
    await expect(page.locator("#notice a")).to_have_text("sign in in a new tab")
    old = await page.input_value("form.opening [name=form_token]")
    theatre.stage.answers["tickets.open"] = sent
    await page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(page.locator("#notice")).to_contain_text("You are signed in again")
    assert await page.input_value("form.opening [name=form_token]") != old
    await page.click("[data-sends]")
    await page.wait_for_url("**/desk/tickets/4830*")
    assert theatre.stage.last("tickets.open")["body"] == "She phoned"


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
