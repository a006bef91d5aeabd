"""The pages in a browser: read by axe, walked with keys, and, with SELDESK_PICTURES set to a folder, photographed.

Every page that a route answers stands in PAGES or REQUESTERS.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

import rpc
from seldesk.errors import NewerMessage
from seldesk.methods.desk.shapes.desk import Hits, SearchPage
from seldesk.methods.desk.shapes.people import PasswordChange, SignIn
from seldesk.methods.desk.shapes.tickets import File, TicketPage, Written
from seldesk.web.application import ACCOUNT, DESK, PORTAL, SETTINGS, SITE
from seldesk.web.live import Hub
from seldesk.web.settings.panel import PANEL
from tests.web import newcomers, panel, story
from tests.web.crowd import full
from tests.web.stage import LINK, REQUESTER_SESSION, SESSION, Stage, answers, edge, empty
from tests.web.visitor import Visitor, address_of, method_of

# One browser and one server for all of them, which is most of what they cost.
pytestmark = pytest.mark.asyncio(loop_scope="module")

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
    "portal-forgot": "/forgot",
    "reset": "/reset/a-token",
    "profile": "/desk/profile",
    "welcome": "/welcome/a-token",
    "queue": "/desk/tickets?view=all",
    "saved-view": f"/desk/tickets?view={story.id_of('loud')}",
    "ticket": f"/desk/tickets/4821?view={story.id_of('loud')}",
    "new": "/desk/tickets/new",
    "contact": f"/desk/people/{story.OMAR.id}",
    "source": f"/desk/messages/{story.id_of('m1')}/source",
    "search": "/desk/search?query=invoice",
    "search-blank": "/desk/search",
    "mail-failures": "/settings/mail-failures",
    **panel.PAGES,
    **newcomers.PAGES,
    "missing": "/nothing",
}
REQUESTERS = {
    "requester-home": "/",
    "requester-asking": "/requests/new",
    "requester-own": "/tickets/4821",
    "requester-zone": "/zone",
    "requester-shared": "/?whose=organisation",
}
ASKED_BY_SCRIPTS = {"/live", "/desk/arrivals", "/sign-up/address", "/sign-up/region"}
# At 200 % a window of 1280 pixels has 640 left.
SIZES = {"wide": (1440, 900), "middle": (1000, 800), "phone": (390, 844), "zoomed": (640, 450)}


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
        followed = self.address(newcomers.PAGES["sign-up-progress"])
        await context.add_cookies([{"name": "sign_up", "value": newcomers.TOKEN, "url": followed}])
        yield context
        await context.close()

    async def open(self, context: BrowserContext, path: str) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.troubles: list[str] = []
        await page.goto(self.address(path))
        return page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncIterator[Theatre]:
    stage = Stage(answers=answers())
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert chromium, "set CHROMIUM to the program, or install your system's package"
    server = uvicorn.Server(
        uvicorn.Config(edge(stage, hub=Hub(stage.calling)), port=0, lifespan="off", log_level="error")
    )
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


@pytest.fixture
def theatre(house: Theatre) -> Theatre:
    """As if nothing had been played yet."""
    house.stage.answers = answers()
    house.stage.calls.clear()
    house.troubles = []
    return house


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def windows(house: Theatre) -> AsyncIterator[dict[str, Page]]:
    """A window of Ann, who follows a ticket link as well, and one of a requester who is signed in."""
    options: Any = {"color_scheme": "light", "reduced_motion": "reduce"}
    async with house.context(**options) as desk, house.context(**options) as portal:
        await portal.add_cookies([{"name": "session", "value": REQUESTER_SESSION, "url": house.address("/")}])
        yield {"ann": await house.open(desk, "/nothing"), "omar": await house.open(portal, "/nothing")}


async def look(page: Page, name: str, *, read: bool = True, rules: str = "") -> list[str]:
    """What is wrong with the page that is open, as sentences; rules are axe's, all of them when nothing is said."""
    if folder := os.environ.get("SELDESK_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    faults = [f"{name}: {wide} pixels too wide"] if wide > 0 else []
    if read:
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(AXE.read_text())
        found = await page.evaluate(f"axe.run({{resultTypes: ['violations'], {rules}}})")
        for fault in found["violations"]:
            places = ", ".join(str(node["target"]) for node in fault["nodes"])
            faults.append(f"{name}: {fault['help']}: {places}")
    return faults


# Colours are the theme's, and all the rest is the layout's.
COLOURS = "runOnly: ['color-contrast', 'link-in-text-block']"
LAYOUT = "rules: {'color-contrast': {enabled: false}, 'link-in-text-block': {enabled: false}}"


async def inspect(page: Page, name: str) -> list[str]:
    """One page in all sizes and both themes, loaded once."""
    faults: list[str] = []
    for size, theme, read, rules in (
        ("wide", "light", True, ""),
        ("wide", "dark", True, COLOURS),
        ("phone", "light", True, LAYOUT),
        ("phone", "dark", False, ""),
        ("zoomed", "dark", False, ""),
        ("middle", "light", False, ""),
    ):
        scheme: Any = theme
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))  # type: ignore[arg-type]
        faults += await look(page, f"{name}-{size}-{theme}", read=read, rules=rules)
    return faults


def states() -> dict[tuple[str, str], dict[str, Any]]:
    """What there is to show: the usual for every page, nothing and very much where that is another page."""
    nothing = SearchPage(story.desk(), "invoice", Hits([], None))
    bare = empty() | {"search.page": nothing}
    known = dict.fromkeys([(name, "") for name in PAGES | REQUESTERS], answers())
    known |= dict.fromkeys([(name, "empty") for name in EMPTY], bare)
    return known | dict.fromkeys([(name, "full") for name in FULL], full())


EMPTY = ("queue", "search", "mail-failures", "people", "mailboxes", "tokens", "tags", "teams", "requester-home")
FULL = ("queue", "ticket", "request", "requester-home")
STATES = states()


@pytest.mark.parametrize(("name", "state"), STATES, ids=lambda part: part or "usual")
async def test_a_page_is_accessible_and_fits(theatre: Theatre, windows: dict[str, Page], name: str, state: str) -> None:
    theatre.stage.answers = dict(STATES[name, state])
    page = windows["omar" if name in REQUESTERS else "ann"]
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.emulate_media(color_scheme="light")
    await page.goto(theatre.address((PAGES | REQUESTERS)[name]))
    faults = [] if state == "full" else await walk(page, name)
    faults += await inspect(page, "-".join(filter(None, (name, state))))
    faults += [trouble for trouble in theatre.troubles if "404" not in trouble or name != "missing"]
    assert faults == []


# What can be reached, and how each looks with and without the focus.
WATCH = """() => {
  document.activeElement?.blur();
  const parts = ["boxShadow", "borderColor", "backgroundColor", "color"];
  const line = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 1;
  const seen = (one) => {
    const around = [one, one.parentElement, one.parentElement?.parentElement, ...(one.labels ?? [])];
    const more = [one.nextElementSibling].filter((next) => one.matches("input") && next);
    const styles = [...around, ...more].filter(Boolean).map((each) => getComputedStyle(each));
    return JSON.stringify(styles.map((style) => [line(style), ...parts.map((part) => style[part])]));
  };
  const within = (one) => one.type !== "radio" || one.checked ||
    !document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"]:checked`);
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden" && within(one) && one.checkVisibility());
  window.walked = { all, met: new Set(), plain: new Map(all.map((one) => [one, seen(one)])), unseen: new Set() };
  addEventListener("focusin", ({ target }) => {
    walked.met.add(target);
    if (walked.plain.get(target) === seen(target)) walked.unseen.add(target);
  });
  return all.length;
}"""
WALKED = """() => {
  const say = (one) => one.outerHTML.slice(0, 120);
  return [walked.all.filter((one) => !walked.met.has(one)).map(say), [...walked.unseen].map(say)];
}"""


async def walk(page: Page, name: str) -> list[str]:
    """With the Tab key alone: everything is reached, each shows that it was, and nothing holds on."""
    for _ in range(await page.evaluate(WATCH) + 3):
        await page.keyboard.press("Tab")
    missed, unseen = await page.evaluate(WALKED)
    faults = [f"{name}: no Tab leads to {one}" for one in missed]
    return faults + [f"{name}: one cannot see that the focus is at {one}" for one in unseen]


async def test_every_page_is_looked_at() -> None:
    """What a route answers with a page of its own is in the list."""
    stage = Stage(answers=answers())
    paths = {path.partition("?")[0] for path in (PAGES | REQUESTERS).values()}
    missing = []
    async with Visitor(edge(stage)) as ann, Visitor(edge(stage)) as omar:
        omar.cookies.set("session", REQUESTER_SESSION)
        for route in (*PORTAL, *ACCOUNT, *DESK, *SETTINGS, *PANEL):
            if method_of(route) == "POST" or route.path in ASKED_BY_SCRIPTS:
                continue
            told = [await visitor.get(address_of(route)) for visitor in (ann, omar)]
            assert any(answer.status_code in (200, 303) for answer in told), route.path
            shown = any("</main>" in answer.text for answer in told if answer.status_code == 200)
            if shown and not any(route.path_regex.fullmatch(path) for path in paths):
                missing.append(route.path)
    assert missing == []
    at_site = {path.removeprefix("http://localhost") for path in paths if path.startswith("http://")}
    public = [route for route in SITE if method_of(route) == "GET" and route.path not in ASKED_BY_SCRIPTS]
    assert [route.path for route in public if not any(route.path_regex.fullmatch(path) for path in at_site)] == []


async def test_pages_of_a_requester_who_made_a_mistake_are_accessible(theatre: Theatre) -> None:
    faults: list[str] = []
    async with theatre.context("phone", color_scheme="dark") as context:
        await context.add_cookies([{"name": "session", "value": REQUESTER_SESSION, "url": theatre.address("/")}])
        theatre.stage.answers |= {"profile.change_password": PasswordChange(changed=False)}
        page = await theatre.open(context, "/forgot")
        await page.fill("#email", "omar@haddad-logistics.example")
        await page.press("#email", "Enter")
        await page.wait_for_selector("text=Look into your mail")
        faults += await look(page, "sent")
        await page.goto(theatre.address("/reset/a-token"))
        for name, text in (("password", "short"), ("again", "short")):
            await page.fill(f"#{name}", text)
        await page.press("#again", "Enter")
        await page.wait_for_selector("#password-wrong")
        faults += await look(page, "reset-refused")
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


@pytest.mark.usefixtures("branded")
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_brand_that_is_hard_to_read_leaves_pages_readable(theatre: Theatre, theme: Any) -> None:
    theatre.stage.answers["branding.logo"] = File("logo", "image/png", panel.LOGO)
    faults: list[str] = []
    async with theatre.context(color_scheme=theme) as context:
        for name in ("portal-sign-in", "request", "ticket", "branding"):
            page = await theatre.open(context, PAGES[name])
            faults += await look(page, f"branded-{name}-{theme}")
            faults += theatre.troubles
            await page.close()
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
        await page.wait_for_function("!document.querySelector('.htmx-request')")
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
    async with theatre.context(timezone_id="America/New_York") as context:
        page = await theatre.open(context, "/desk/tickets")
        await page.wait_for_selector("text=This browser is in America/New York.")
        assert await look(page, "zone-offer") == []
        theatre.stage.answers["tickets.queue"] = page_of
        await page.click("text=Use America/New York")
        await page.wait_for_selector("#zone-offer", state="detached")
        assert theatre.stage.last("profile.move") == {"zone": "America/New_York"}
        assert theatre.troubles == []


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


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_signing_up_is_accessible_where_something_is_wrong(theatre: Theatre, theme: Any) -> None:
    faults: list[str] = []
    async with theatre.context("phone" if theme == "dark" else "wide", color_scheme=theme) as context:
        page = await theatre.open(context, newcomers.PAGES["sign-up"])
        await page.fill("#organisation", "3. Söhne & Nordwind AG")
        await page.press("#organisation", "Tab")
        assert await page.input_value("#slug") == "sohne-nordwind-ag"
        await page.wait_for_selector("#slug-said .wrong >> text=nordwind-desk is free")
        assert await page.get_attribute("#slug", "aria-invalid") == "true"
        faults += await look(page, f"sign-up-taken-{theme}")
        await page.fill("#slug", "nordwind")
        await page.wait_for_selector("#slug-said >> text=nordwind is free")
        for country, city in (("AT", "Frankfurt"), ("CA", "Ashburn")):
            await page.select_option("#country", country)
            await page.wait_for_selector(f"#where >> text={city}")
        await page.select_option("#region", "eu")
        await page.wait_for_selector("#where >> text=Frankfurt")
        faults += await look(page, f"sign-up-placed-{theme}")
        theatre.stage.answers["sign_ups.begin"] = rpc.Invalid(
            fields=dict.fromkeys(("slug", "organisation", "name", "email", "country", "terms"), "This is not right.")
        )
        await page.fill("#name", "Nina Nord")
        await page.fill("#email", "nina@nordwind.example")
        await page.check("[name=terms]")
        await page.click("button.go")
        await page.wait_for_selector("#terms-wrong")
        assert [await page.input_value(field) for field in ("#slug", "#country", "#region")] == ["nordwind", "CA", "eu"]
        faults += await look(page, f"sign-up-refused-{theme}")
        theatre.stage.answers["sign_ups.read"] = newcomers.pending(newcomers.TAKEN)
        await page.goto(theatre.address(newcomers.PAGES["sign-up-confirm"]))
        faults += await look(page, f"sign-up-late-{theme}")
        theatre.stage.answers["sign_ups.progress"] = newcomers.progress("roles", failed=True)
        await page.goto(theatre.address(newcomers.PAGES["sign-up-progress"]))
        faults += await look(page, f"sign-up-failed-{theme}")
        theatre.stage.answers["sign_ups.progress"] = newcomers.progress("open", ready=True)
        await page.wait_for_selector("text=Choose your password")
        assert await page.inner_text("#told") == "Your helpdesk is ready"
        faults += await look(page, f"sign-up-ready-{theme}")
    assert faults == []
