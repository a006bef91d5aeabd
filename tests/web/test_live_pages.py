"""Two agents at one desk, each in a browser of their own, before a real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, FilePayload, Page, Route, expect

from seldesk.app.serve import serve
from seldesk.methods.desk import tickets
from tests.browser import chromium
from tests.faults import until
from tests.web.theatre import look
from tests.world import World, mail

TEXT = ".composer textarea"
PLAN: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"a plan"}


class Office:
    def __init__(self, world: World, browser: Browser, port: int) -> None:
        self.world, self.browser, self.port = world, browser, port
        self.troubles: list[str] = []

    @asynccontextmanager
    async def sits(self, name: str, path: str, **options: Any) -> AsyncIterator[Page]:
        """An agent, signed in, with this page open."""
        call = await self.world.acme.signed_in(name)
        context = await self.browser.new_context(**options)
        address = f"http://acme.localhost:{self.port}"
        await context.add_cookies([{"name": "session", "value": call.credential.secret, "url": address}])
        page = await context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        await page.goto(address + path)
        await page.evaluate("window.stays = true")
        yield page
        await context.close()


@pytest.fixture
async def office(world: World) -> AsyncIterator[Office]:
    server = uvicorn.Server(uvicorn.Config(world.app.web(), port=0, lifespan="off", log_config=None))
    tasks = [asyncio.create_task(server.serve()), asyncio.create_task(serve(world.app, ()))]
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    async with chromium() as browser:
        yield Office(world, browser, server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.long
async def test_the_queue_and_an_open_ticket_follow_what_others_do(office: Office) -> None:
    acme, faults = office.world.acme, list[str]()
    await acme.mail(mail("The first", message_id="<first@cleo.example>"))
    async with office.sits("ann", "/desk/tickets?view=all") as ann:
        await expect(ann.locator("#row-1")).to_be_visible()
        await ann.check("#tick-1")
        await ann.focus("#row-1")
        await acme.mail(mail("The second", message_id="<second@cleo.example>"))
        await expect(ann.locator("#row-2")).to_be_visible()
        await expect(ann.locator("#arrivals")).to_contain_text("Cleo Camp wrote #2")
        assert await ann.evaluate("document.activeElement.id") == "row-1"
        assert await ann.is_checked("#tick-1")
        assert await ann.inner_text(".views [aria-current] ~ a b, .views a[href$=open] b") == "2"
        faults += await look(ann, "live-queue")
        await ann.click("#row-1")
        async with office.sits("bo", "/desk/tickets/1") as bo:
            await expect(ann.locator("#present")).to_have_text("BBo is viewing")
            await expect(bo.locator("#present")).to_have_text("AAnn is viewing")
            await bo.fill(TEXT, "I know this one.")
            await expect(ann.locator("#present")).to_have_text("BBo is writing")
            await expect(ann.locator("#row-1 .present .unseen")).to_have_text("Bo is writing")
            faults += await look(ann, "live-ticket")
            await bo.click("text=Send, wait")
            await expect(ann.locator(".message >> text=I know this one.")).to_be_visible()
            await expect(ann.locator("#details #status")).to_have_value("waiting")
            await ann.fill(TEXT, "My own words")
            again = {"In-Reply-To": "<first@cleo.example>"}
            await acme.mail(mail("Re: The first", "It smokes again.", message_id="<2@cleo.example>", headers=again))
            await ann.click("#newer >> text=New: Cleo Camp")
            await expect(ann.locator(".message >> text=It smokes again.")).to_be_visible()
            assert await ann.input_value(TEXT) == "My own words"
            await ann.click("text=Send, wait")
            await expect(bo.locator(".message >> text=My own words")).to_be_visible()
        await expect(ann.locator("#present")).to_have_text("")
        assert await ann.evaluate("window.stays"), "no page was loaded anew"
    assert faults + office.troubles == []


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
async def test_whoever_is_overtaken_sees_what_is_new_and_may_send_anyway(office: Office, scripts: bool) -> None:
    world, faults = office.world, list[str]()
    await world.acme.mail(mail(message_id="<first@cleo.example>"))
    bo = await world.acme.signed_in("bo")
    async with office.sits("ann", "/desk/tickets/1", java_script_enabled=scripts) as ann:
        await ann.fill(TEXT, "Please unplug it.")
        await ann.set_input_files("[type=file]", PLAN)
        for overtaken in ("I told her already.", "And again."):
            await bo(tickets.note, number=1, body=overtaken)
            await ann.click("text=Send, wait" if overtaken.startswith("I") else "text=Send anyway")
            await expect(ann.locator(".newer-messages li")).to_have_count(1)
            await expect(ann.locator(".newer-messages")).to_contain_text(overtaken)
            assert await ann.input_value(TEXT) == "Please unplug it."
            if not scripts:
                assert await ann.is_visible("text=Choose your files again: plan.txt")
                await ann.set_input_files("[type=file]", PLAN)
            assert not await ann.is_visible(".files-lost")
        faults += await look(ann, f"overtaken-{scripts}", read=scripts)
        await ann.click("text=Send anyway")
        await expect(ann.locator(".message >> text=Please unplug it.")).to_be_visible()
        await expect(ann.locator(".message .file >> text=plan.txt")).to_be_visible()
        assert await ann.input_value(TEXT) == ""
        await expect(ann.locator("#details #status")).to_have_value("waiting")
    assert faults + [trouble for trouble in office.troubles if "409" not in trouble] == []


@pytest.mark.long
async def test_announcements_can_be_switched_off_and_a_title_counts_what_nobody_saw(office: Office) -> None:
    async with office.sits("ann", "/desk/profile") as ann:
        await ann.uncheck("#announce-arrivals")
        await ann.click(".views a >> text=All tickets")
        await ann.wait_for_selector(".queue")
        await ann.evaluate("document.hasFocus = () => false")
        await office.world.acme.mail(mail())
        await expect(ann.locator("#row-1")).to_be_visible()
        assert await ann.title() == "(1) All tickets · Acme Support"
        assert await ann.locator("#arrivals p").count() == 0
        await ann.evaluate("delete document.hasFocus; window.dispatchEvent(new Event('focus'))")
        assert await ann.title() == "All tickets · Acme Support"
        await ann.goto(ann.url.replace("/tickets?view=all", "/profile"))
        assert not await ann.is_checked("#announce-arrivals")
    assert office.troubles == []


@pytest.mark.long
async def test_one_tab_listens_for_all_comes_back_after_a_break_and_keeps_ones_place(office: Office) -> None:
    acme, tries = office.world.acme, list[float]()
    for number in range(1, 31):
        await acme.mail(mail(f"Number {number}", message_id=f"<{number}@cleo.example>"))

    async def away(route: Route) -> None:
        tries.append(asyncio.get_running_loop().time())
        await route.fulfill(status=503)

    async def tried_twice() -> bool:
        return len(tries) > 1

    async def again(number: int, text: str) -> None:
        to_it = {"In-Reply-To": f"<{number}@cleo.example>"}
        await acme.mail(mail("Re: it", text, message_id=f"<{text}@cleo.example>", headers=to_it))

    async def listening() -> bool:
        return office.world.app.live.streams == 1

    async with office.sits("ann", "/desk/profile") as ann:
        await ann.context.route("**/live", away)
        await ann.goto(ann.url.replace("/profile", "/tickets?view=all"))
        await until(tried_twice)
        assert tries[1] - tries[0] > 0.4, "it waits before it tries again"
        await acme.mail(mail("Meanwhile", message_id="<31@cleo.example>"))
        await ann.context.unroute("**/live")
        await expect(ann.locator("#row-31")).to_be_attached(timeout=20_000)
        at = "document.querySelector('#row-15').getBoundingClientRect().top"
        await ann.evaluate("document.querySelector('#row-15').scrollIntoView({ block: 'start' })")
        before = await ann.evaluate(at)
        await acme.mail(mail("Another", message_id="<32@cleo.example>"))
        await expect(ann.locator("#row-32")).to_be_attached(timeout=20_000)
        assert abs(await ann.evaluate(at) - before) < 2
        other = await ann.context.new_page()
        await other.goto(ann.url.replace("?view=all", "/1"))
        assert await listening()
        await again(1, "first")
        await expect(other.locator(".message >> text=first")).to_be_visible(timeout=20_000)
        await ann.close()
        await until(listening)
        await again(1, "second")
        await expect(other.locator(".message >> text=second")).to_be_visible(timeout=20_000)
    assert [trouble for trouble in office.troubles if "503" not in trouble] == []
