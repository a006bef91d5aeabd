"""What is written at the desk: with files, names, previews and saved replies, and never lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

import rpc
from seldesk.methods.desk.shapes.tickets import TicketPage
from tests.web import reply_pages, story
from tests.web.conversation import conversation
from tests.web.stage import SESSION
from tests.web.theatre import Theatre, inspect, look

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
