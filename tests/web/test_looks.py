"""Every page in all sizes and both themes: read by axe and walked with the Tab key.

Every page that a route answers stands in PAGES or REQUESTERS, and every form on them is refused once.
"""

from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Page, expect

import rpc
from seldesk.demo.letters import mail_routes
from seldesk.errors import CustomerMoving, DifferentRequesters, NewerMessage
from seldesk.methods.desk.shapes.desk import Hits, SearchPage
from seldesk.methods.desk.shapes.people import SignIn
from seldesk.methods.desk.shapes.requests import Linked
from seldesk.methods.desk.shapes.tickets import File
from seldesk.web.application import ACCESS, ACCOUNT, DESK, OWN, PORTAL, SETTINGS, SITE
from seldesk.web.settings.panel import PANEL
from tests.web import newcomers, own, panel, sent, story
from tests.web.crowd import full
from tests.web.stage import REQUESTER_SESSION, Stage, answers, edge, empty
from tests.web.theatre import Theatre, inspect, look, walk
from tests.web.visitor import Visitor, address_of, method_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

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
    **own.PAGES,
    **newcomers.PAGES,
    **sent.PAGES,
    "missing": "/nothing",
}
REQUESTERS = {
    "requester-home": "/",
    "requester-asking": "/requests/new",
    "requester-own": "/tickets/4821",
    "requester-zone": "/zone",
    "requester-data": "/data",
    **own.OF_REQUESTERS,
    "requester-shared": "/?whose=organisation",
}
NOWHERE = rpc.Invalid(fields={"into": "There is no such ticket, or you do not see it."})
DEMO = mail_routes(sent.written())
ASKED_BY_SCRIPTS = {"/live", "/desk/arrivals", "/sign-up/address", "/sign-up/region", "/status.atom"}


def states() -> dict[tuple[str, str], dict[str, Any]]:
    """What there is to show: the usual for every page, nothing and very much where that is another page."""
    nothing = SearchPage(story.desk(), "invoice", Hits([], None))
    bare = empty() | {"search.page": nothing}
    known = dict.fromkeys([(name, "") for name in PAGES | REQUESTERS], answers())
    known |= dict.fromkeys([(name, "empty") for name in EMPTY], bare)
    read = answers()["requests.read"]
    over = replace(read, status="closed", begins_new=True, linked=[Linked(12, True), Linked(4830, False)])
    known["request", "over"] = answers() | {"requests.read": over}
    return known | dict.fromkeys([(name, "full") for name in FULL], full())


SETTINGS_LISTS = (
    "audit",
    "staff-access",
    "backups",
    "incidents",
    "unsent",
    "people",
    "export",
    "mailboxes",
    "tokens",
    "tags",
    "teams",
    "team",
    "saved-replies",
    "organisations",
    "organisation",
)
LISTS = (*SETTINGS_LISTS, "queue", "search", "contact", "mail-failures", "requester-home")
EMPTY = (*LISTS, "ticket")
FULL = (*LISTS, "ticket", "request", "profile", "person", "mailbox", "saved-reply", "staff-visit")
# Of the settings some stand for all.
SELDOM = {"access", "access-over", *panel.PAGES} - {"people", "backups", "audit", "account", "branding"}
STATES = states()


# The usual state of most pages is looked at each time, and the others where there is time for all.
LOOKED_AT = [pytest.param(*each, marks=[pytest.mark.long] if each[1] or each[0] in SELDOM else []) for each in STATES]


@pytest.mark.parametrize(("name", "state"), LOOKED_AT, ids=lambda part: part or "usual")
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


# Forms whose fields one sees, a form for each address that they are sent to.
FORMS = """() => {
  const fields = (form) => [...form.elements].filter((one) => one.checkVisibility() &&
    one.matches("input:not([type=radio], [type=checkbox], [type=file], [type=submit]), textarea, select"));
  const forms = [...document.querySelectorAll("form[method=post]")].filter((form) => fields(form).length);
  const places = forms.map((form) => form.getAttribute("action"));
  return places.filter((place, at) => places.indexOf(place) === at);
}"""
REFUSED = """(place) => {
  const form = [...document.querySelectorAll("form[method=post]")].find((one) => one.getAttribute("action") === place);
  for (const one of form.querySelectorAll("[type=password]")) one.value = "long enough";
  form.noValidate = true;
  form.requestSubmit([...form.querySelectorAll("button:not([type=button])")].find((one) => one.checkVisibility()));
}"""
NAMES = """(place) => {
  const all = [...document.querySelectorAll("form[method=post]")];
  const forms = all.filter((form) => form.getAttribute("action") === place);
  return [...new Set(forms.flatMap((form) => [...form.elements].map((one) => one.name)))];
}"""


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES | REQUESTERS)
async def test_a_page_whose_form_is_refused_says_so_and_fits(
    theatre: Theatre, windows: dict[str, Page], name: str
) -> None:
    page, path = windows["omar" if name in REQUESTERS else "ann"], theatre.address((PAGES | REQUESTERS)[name])
    await page.goto(path)
    faults: list[str] = []
    for number, place in enumerate(await page.evaluate(FORMS)):
        await page.goto(path)
        theatre.stage.refusing = [field for field in await page.evaluate(NAMES, place) if field]
        async with page.expect_response(lambda answer: answer.request.method == "POST"):
            await page.evaluate(REFUSED, place)
        await page.wait_for_selector(":is(.wrong, #notice):visible")
        if await page.query_selector("[aria-invalid=true]"):
            await expect(page.locator("[aria-invalid=true]:focus")).to_have_count(1)
        faults += await inspect(page, f"{name}-refused-{number}")
    assert faults == []


@pytest.mark.long
async def test_what_a_form_leads_to_fits(theatre: Theatre, windows: dict[str, Page]) -> None:
    page, faults = windows["ann"], list[str]()
    theatre.stage.answers |= {"people.sign_in": SignIn(None), "tickets.reply": NewerMessage()}
    await page.goto(theatre.address("/forgot"))
    await page.fill("#email", "omar@haddad-logistics.example")
    await page.press("#email", "Enter")
    await page.wait_for_selector("text=Look into your mail")
    faults += await inspect(page, "sent")
    await page.goto(theatre.address("/desk/sign-in"))
    await page.fill("#email", "ann@acme.example")
    await page.fill("#password", "wrong")
    await page.press("#password", "Enter")
    await page.wait_for_selector("#password-wrong")
    await expect(page.locator("#password")).to_be_focused()
    faults += await inspect(page, "sign-in-wrong")
    await page.goto(theatre.address("/desk/tickets/4821"))
    await page.fill(".composer textarea", "Hello")
    await page.click("text=Send, wait")
    await page.wait_for_selector(".composer .wrong")
    faults += await inspect(page, "ticket-conflict")
    for answer, words in ((NOWHERE, "merge-refused"), (DifferentRequesters(), "merge-confirm")):
        theatre.stage.answers["merges.merge"] = answer
        await page.goto(theatre.address("/desk/tickets/4821"))
        await page.click(".merge summary")
        await page.fill("#into", "4410")
        await page.press("#into", "Enter")
        await page.wait_for_selector("#into-wrong")
        await expect(page.locator("#into")).to_be_focused()
        faults += await inspect(page, words)
    theatre.stage.answers |= empty()
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(theatre.address("/desk/tickets?view=mine"))
    await page.click("[aria-label=Menu]")
    await page.click("#me summary")
    faults += await inspect(page, "empty-menu")
    theatre.stage.answers["tickets.queue"] = ZeroDivisionError()
    await page.goto(theatre.address("/desk/tickets"))
    await page.wait_for_selector("text=Something broke")
    faults += await inspect(page, "broken")
    assert faults == []


async def test_every_page_is_looked_at() -> None:
    """What a route answers with a page of its own is in the list."""
    stage = Stage(answers=answers())
    paths = {path.partition("?")[0] for path in (PAGES | REQUESTERS).values()}
    missing = []
    async with Visitor(edge(stage)) as ann, Visitor(edge(stage)) as omar:
        omar.cookies.set("session", REQUESTER_SESSION)
        for route in (*PORTAL, *ACCOUNT, *OWN, *ACCESS, *DESK, *SETTINGS, *PANEL):
            if method_of(route) == "POST" or route.path in ASKED_BY_SCRIPTS:
                continue
            told = [await visitor.get(address_of(route)) for visitor in (ann, omar)]
            assert any(answer.status_code in (200, 303) for answer in told), route.path
            shown = any("</main>" in answer.text for answer in told if answer.status_code == 200)
            if shown and not any(route.path_regex.fullmatch(path) for path in paths):
                missing.append(route.path)
    assert missing == []
    at_site = {path.removeprefix("http://localhost") for path in paths if path.startswith("http://")}
    public = [route for route in (*SITE, *DEMO) if method_of(route) == "GET" and route.path not in ASKED_BY_SCRIPTS]
    assert [route.path for route in public if not any(route.path_regex.fullmatch(path) for path in at_site)] == []


@pytest.mark.long
async def test_a_suspended_and_a_closed_helpdesk_fit(
    theatre: Theatre, suspended: str, windows: dict[str, Page]
) -> None:
    page, faults = windows["ann"], list[str]()
    for name in ("queue", "ticket", "sign-in", "request", "account"):
        await page.goto(theatre.address(PAGES[name]))
        assert suspended in await page.inner_text("body > .suspended")
        faults += await inspect(page, f"suspended-{name}")
    await page.fill("#name", "Acme Support")
    await page.fill("#password", "correct horse")
    await page.click("text=Close it")
    await page.wait_for_selector("text=The helpdesk is closed")
    faults += await inspect(page, "ended")
    await page.goto(theatre.address(PAGES["return"]))
    await page.click("text=Open it again")
    await page.wait_for_selector("text=The helpdesk is open again")
    faults += await inspect(page, "returned")
    theatre.troubles.clear()
    await page.goto(theatre.address("/").replace("acme.", "gone."))
    faults += await inspect(page, "closed")
    assert faults == []


@pytest.mark.long
@pytest.mark.usefixtures("beside")
async def test_a_copy_on_the_side_fits(theatre: Theatre, windows: dict[str, Page]) -> None:
    page, faults = windows["ann"], list[str]()
    for name in ("queue", "ticket", "sign-in", "request", "account"):
        await page.goto(theatre.address(PAGES[name]))
        assert "Copy on the side, of 2 March 2026, 09:00 UTC" in await page.inner_text("body > .suspended")
        faults += await inspect(page, f"beside-{name}")
    assert faults == []


@pytest.mark.long
@pytest.mark.usefixtures("closing")
async def test_a_helpdesk_that_moves_fits_before_and_meanwhile(theatre: Theatre, windows: dict[str, Page]) -> None:
    page, faults = windows["ann"], list[str]()
    for name in ("queue", "ticket", "account"):
        await page.goto(theatre.address(PAGES[name]))
        assert "this helpdesk closes for" in await page.inner_text("body > .closing")
        faults += await inspect(page, f"closing-{name}")
    theatre.stage.answers["tickets.queue"] = CustomerMoving(retry_after=90)
    theatre.troubles.clear()
    await page.goto(theatre.address("/desk/tickets"))
    faults += await inspect(page, "moving")
    await page.goto(theatre.address("/").replace("acme.", "soon."))
    faults += await inspect(page, "being-made")
    # It asks again by itself.
    await page.goto("about:blank")
    theatre.troubles.clear()
    assert faults == []


@pytest.mark.long
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
