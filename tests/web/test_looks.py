"""The pages in a browser: read by axe, walked with keys, and, with SELDESK_PICTURES set to a folder, photographed."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from seldesk.errors import NewerMessage
from seldesk.methods.desk.shapes import PasswordChange, SignIn, TicketPage, Written
from tests.web import panel, story
from tests.web.stage import LINK, REQUESTER_SESSION, SESSION, Stage, edge, empty

QUIET = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run"]
QUIET += ["disable-background-networking", "disable-component-update", "disable-sync"]
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
PAGES = {
    "site": "http://localhost/",
    "portal": "/",
    "request": "/tickets/4821",
    "sign-in": "/desk/sign-in",
    "portal-sign-in": "/sign-in",
    "portal-password": "/sign-in?with=password",
    "confirm": "/sign-in/a-token",
    "forgot": "/desk/forgot",
    "reset": "/reset/a-token",
    "profile": "/desk/profile",
    "welcome": "/welcome/a-token",
    "queue": "/desk/tickets?view=all",
    "saved-view": f"/desk/tickets?view={story.id_of('loud')}",
    "ticket": f"/desk/tickets/4821?view={story.id_of('loud')}",
    "new": "/desk/tickets/new",
    "contact": f"/desk/people/{story.OMAR.id}",
    "search": "/desk/search?query=invoice",
    "search-blank": "/desk/search",
    "mail-failures": "/settings/mail-failures",
    **panel.PAGES,
    "missing": "/nothing",
}
SIZES = {"wide": (1440, 900), "middle": (1000, 800), "phone": (390, 844), "zoomed": (720, 450)}


class Theatre:
    """The stage behind a real server, before a real browser."""

    def __init__(self, stage: Stage, browser: Browser, port: int) -> None:
        self.stage = stage
        self.browser = browser
        self.port = port

    def address(self, path: str) -> str:
        if path.startswith("http://localhost/"):
            return path.replace("localhost/", f"localhost:{self.port}/")
        return f"http://acme.localhost:{self.port}{path}"

    @asynccontextmanager
    async def context(self, size: str = "wide", **options: Any) -> AsyncIterator[BrowserContext]:
        width, height = SIZES[size]
        context = await self.browser.new_context(viewport={"width": width, "height": height}, **options)
        for name, value in (("session", SESSION), ("request", LINK)):
            await context.add_cookies([{"name": name, "value": value, "url": self.address("/")}])
        yield context
        await context.close()

    async def open(self, context: BrowserContext, path: str) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.troubles: list[str] = []
        await page.goto(self.address(path))
        return page


@pytest.fixture
async def theatre(stage: Stage) -> AsyncIterator[Theatre]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert chromium, "set CHROMIUM to the program, or install your system's package"
    server = uvicorn.Server(uvicorn.Config(edge(stage), port=0, lifespan="off", log_level="error"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=[f"--{switch}" for switch in QUIET])
        yield Theatre(stage, browser, port)
        await browser.close()
    server.should_exit = True
    await serving


# axe takes a second for each page: it reads every page at one size of each kind, in both themes.
READ = (("wide", "light"), ("wide", "dark"), ("phone", "light"))
SEEN = (("middle", "light"), ("phone", "dark"), ("zoomed", "dark"))


async def look(page: Page, name: str, *, read: bool = True) -> list[str]:
    """What is wrong with the page that is open, as sentences."""
    if folder := os.environ.get("SELDESK_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    faults = [f"{name}: {wide} pixels too wide"] if wide > 0 else []
    if read:
        await page.evaluate(AXE.read_text())
        found = await page.evaluate("axe.run()")
        for fault in found["violations"]:
            places = ", ".join(str(node["target"]) for node in fault["nodes"])
            faults.append(f"{name}: {fault['help']}: {places}")
    return faults


@pytest.mark.parametrize(("size", "theme"), [*READ, *SEEN])
async def test_pages_are_accessible_and_fit(theatre: Theatre, size: str, theme: Any) -> None:
    faults: list[str] = []
    async with theatre.context(size, color_scheme=theme) as context:
        for name, path in PAGES.items():
            page = await theatre.open(context, path)
            faults += await look(page, f"{name}-{size}-{theme}", read=(size, theme) in READ)
            faults += [trouble for trouble in theatre.troubles if "404" not in trouble or name != "missing"]
            await page.close()
    assert faults == []


@pytest.mark.parametrize(("size", "theme"), READ)
async def test_the_pages_of_a_requester_are_accessible_and_fit(theatre: Theatre, size: str, theme: Any) -> None:
    faults: list[str] = []
    async with theatre.context(size, color_scheme=theme) as context:
        await context.add_cookies([{"name": "session", "value": REQUESTER_SESSION, "url": theatre.address("/")}])
        for name, path in {
            "home": "/",
            "asking": "/requests/new",
            "own": "/tickets/4821",
            "zone": "/zone",
            "shared": "/?whose=organisation",
        }.items():
            page = await theatre.open(context, path)
            faults += await look(page, f"requester-{name}-{size}-{theme}")
            faults += theatre.troubles
            await page.close()
        theatre.stage.answers |= empty() | {"profile.change_password": PasswordChange(changed=False)}
        page = await theatre.open(context, "/")
        faults += await look(page, f"requester-empty-{size}-{theme}")
        await page.goto(theatre.address("/forgot"))
        await page.fill("#email", "omar@haddad-logistics.example")
        await page.press("#email", "Enter")
        await page.wait_for_selector("text=Look into your mail")
        faults += await look(page, f"sent-{size}-{theme}")
        await page.goto(theatre.address("/reset/a-token"))
        for name, text in (("password", "short"), ("again", "short")):
            await page.fill(f"#{name}", text)
        await page.press("#again", "Enter")
        await page.wait_for_selector("#password-wrong")
        faults += await look(page, f"reset-refused-{size}-{theme}")
    assert faults == []


async def test_pages_with_faults_in_them_are_accessible(theatre: Theatre) -> None:
    theatre.stage.answers["people.sign_in"] = SignIn(None)
    theatre.stage.answers["tickets.reply"] = NewerMessage()
    faults: list[str] = []
    async with theatre.context("phone", color_scheme="light") as context:
        page = await theatre.open(context, "/desk/sign-in")
        await page.fill("#email", "ann@acme.example")
        await page.fill("#password", "wrong")
        await page.click("text=Sign in >> nth=-1")
        await page.wait_for_selector("#password-wrong")
        assert await page.evaluate("document.activeElement.id") == "password"
        faults += await look(page, "sign-in-refused")
        await page.goto(theatre.address("/desk/tickets/4821"))
        await page.fill(".composer textarea", "Hello")
        await page.click("text=Send, wait")
        await page.wait_for_selector(".composer .wrong")
        faults += await look(page, "ticket-conflict")
        theatre.stage.answers |= empty()
        await page.goto(theatre.address("/desk/tickets?view=mine"))
        await page.click("[aria-label=Menu]")
        await page.click("#me summary")
        faults += await look(page, "empty-menu")
        await page.goto(theatre.address("/settings/mail-failures"))
        faults += await look(page, "empty-mail-failures")
    assert faults == []


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
        await page.wait_for_load_state("networkidle")
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


async def test_the_browsers_zone_is_offered_until_one_is_chosen(theatre: Theatre) -> None:
    me = replace(story.desk().me, zone_chosen=False)
    page_of = theatre.stage.answers["tickets.queue"]
    theatre.stage.answers["tickets.queue"] = lambda asked: replace(page_of(asked), desk=replace(story.desk(), me=me))
    async with theatre.context("phone", timezone_id="America/New_York") as context:
        page = await theatre.open(context, "/desk/tickets")
        await page.wait_for_selector("text=This browser is in America/New York.")
        assert await look(page, "zone-offer") == []
        theatre.stage.answers["tickets.queue"] = page_of
        await page.click("text=Use America/New York")
        await page.wait_for_selector("#zone-offer", state="detached")
        assert theatre.stage.last("profile.move") == {"zone": "America/New_York"}
        assert theatre.troubles == []


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
