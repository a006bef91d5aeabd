"""What holds for the text of every page."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import rpc
from seldesk.methods.desk.contacts import ContactPage
from seldesk.methods.desk.palette import Found, TicketFound
from seldesk.methods.desk.shapes.desk import SavedView, Tickets
from seldesk.methods.desk.shapes.mails import Failure, Failures
from seldesk.methods.desk.shapes.people import Contact, Welcome
from tests.web import organisation_pages, panel, story
from tests.web.stage import Stage, edge, empty
from tests.web.visitor import Visitor

PAGES = [
    "/",
    "/desk/sign-in",
    "/desk/tickets?view=all",
    "/desk/tickets/4821",
    "/desk/tickets/new",
    "/desk/search?query=invoice",
    "/tickets/4821",
    "/welcome/a-token",
    "/settings/mail-failures",
    "/sign-in",
    "/sign-in?with=password",
    "/sign-in/a-token",
    "/forgot",
    "/desk/forgot",
    "/reset/a-token",
    "/desk/profile",
    f"/desk/people/{story.OMAR.id}",
    *panel.PAGES.values(),
    "/nothing",
]
pages = pytest.mark.parametrize("path", PAGES)


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in tags]


@pages
async def test_nothing_on_a_page_is_left_to_inline_code(ann: Visitor, path: str) -> None:
    answer = await ann.get(path)
    nonce = answer.headers["content-security-policy"].split("'nonce-")[1].split("'")[0]
    elements = Elements(answer.text)
    for _, attributes in elements.found:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith(("on", "hx-on"))]
        assert not [value for value in attributes.values() if value and re.match(r"\s*(javascript|js):", value)]
    assert not elements.all("style", "base", "object", "embed")
    for script in elements.all("script"):
        assert script["nonce"] == nonce
    for _, attributes in elements.found:
        if any(name.startswith("hx-") for name in attributes):
            assert attributes["hx-nonce"] == nonce


# Of a bill, and of a copy on the side: links to hosts of ours.
ELSEWHERE = ("https://billing", "http://acme--")


@pages
async def test_a_page_brings_nothing_from_elsewhere(ann: Visitor, path: str) -> None:
    for tag, attributes in Elements((await ann.get(path)).text).found:
        for name in ("src", "href", "action", "formaction"):
            value = attributes.get(name)
            if value and not (tag == "a" and value.startswith("mailto:")) and not value.startswith(ELSEWHERE):
                assert value[0] in "/#", (tag, value)


@pages
async def test_every_control_has_a_name_and_every_id_is_unique(ann: Visitor, path: str) -> None:
    elements = Elements((await ann.get(path)).text)
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for form in elements.all("form"):
        assert form.get("method") in ("get", "post", "dialog")
    assert len(elements.all("main")) == 1
    assert len(elements.all("h1")) == 1


@pages
async def test_what_is_static_is_there(ann: Visitor, path: str) -> None:
    text = (await ann.get(path)).text
    icons = (await ann.get("/static/v/vendor/icons.svg")).text
    for address in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text)):
        file, _, symbol = address.partition("#")
        assert (await ann.get(file)).status_code == 200
        assert not symbol or f'<symbol id="{symbol}"' in icons


@pages
async def test_a_page_is_light(stage: Stage, ann: Visitor, path: str) -> None:
    assert len((await ann.get(path)).content) < 60_000


@pytest.mark.asvs("V1.2.1")
async def test_what_outsiders_wrote_is_text_everywhere(stage: Stage, ann: Visitor) -> None:
    ticket, messages, events, rows = story.hostile()
    bad = story.HOSTILE
    listed = Tickets(rows, bad, bad)
    page, queue = stage.answers["tickets.page"], stage.answers["tickets.queue"]
    desk = replace(
        story.desk(),
        customer=bad,
        me=replace(story.desk().me, name=bad, email=bad),
        views=[SavedView(story.id_of("bad"), bad, True, {"view": "all", "tag": bad})],
    )
    stage.answers |= {
        "tickets.page": lambda asked: replace(
            page(asked),
            desk=desk,
            ticket=ticket,
            messages=messages,
            events=events,
            queue=listed,
            agents=[ticket.requester],
        ),
        "tickets.queue": lambda asked: replace(queue(asked), desk=desk, tickets=listed),
        "requests.read": replace(
            stage.answers["requests.read"], customer=bad, subject=bad, requester=ticket.requester, messages=messages
        ),
        "people.welcome": Welcome(bad, bad, bad),
        "contacts.page": ContactPage(
            desk, Contact(story.OMAR.id, bad, bad, False), listed, organisation_pages.names(bad)
        ),
        "palette.find": Found([TicketFound(1, bad, "new", bad)], [Contact(story.OMAR.id, bad, bad, works_here=False)]),
        "mails.failures": Failures(desk, [Failure(story.id_of("f"), bad, bad, bad, story.NOW)], bad),
        **panel.hostile(),
    }
    for path in (*PAGES, "/desk/palette?query=x"):
        text = (await ann.get(path)).text
        assert "<svg onload" not in text, path
        assert not [attributes for attributes in Elements(text).all("svg") if "onload" in attributes]
    assert (await ann.get("/desk/tickets/4821")).text.count("&lt;svg onload=alert(1)&gt;") > 10
    typed = {"body": bad, "subject": bad, "requester_email": bad, "email": bad, "tags": bad, "as": "note", "next": bad}
    stage.answers["tickets.open"] = rpc.Invalid(fields=dict.fromkeys(typed, bad))
    stage.answers["people.sign_in"] = rpc.Invalid(fields=dict.fromkeys(typed, bad))
    for page_, action in (
        ("/desk/tickets/4821", "/desk/tickets/4821/replies"),
        ("/desk/tickets/new", "/desk/tickets"),
        ("/desk/sign-in", "/desk/sign-in"),
    ):
        answer = await ann.submit(page_, action, typed)
        assert answer.status_code == 422
        assert "<svg onload" not in answer.text


@pytest.mark.asvs("V1.2.2")
async def test_links_in_a_mail_lead_out_safely_or_nowhere(stage: Stage, ann: Visitor) -> None:
    text = (
        'https://ok.example/a javascript:alert(1) data:text/html,x vbscript:x \tjavascript:alert(1) https://x"onclick=a'
    )
    page = stage.answers["tickets.page"]
    stage.answers["tickets.page"] = lambda asked: replace(page(asked), messages=[story.message("m", text=text)])
    answer = await ann.get("/desk/tickets/4821")
    links = [link for link in Elements(answer.text).all("a") if link.get("target") == "_blank"]
    assert links[0]["href"] == "https://ok.example/a"
    for link in links:
        assert re.match(r"https?://", link["href"] or "")
        assert link["rel"] == "nofollow noopener noreferrer"
        assert "onclick" not in link


@pages
async def test_no_page_shows_a_secret(stage: Stage, ann: Visitor, path: str) -> None:
    from_cookies = [value for _, value in ann.cookies.items()]
    text = (await ann.get(path)).text
    assert not [value for value in from_cookies if value in text]


async def test_pages_without_anything_to_show_are_whole(stage: Stage, ann: Visitor) -> None:
    stage.answers |= empty()
    for path in ("/desk/tickets", "/settings/mail-failures", *panel.PAGES.values()):
        assert (await ann.get(path)).status_code == 200


async def test_only_owners_are_led_to_the_settings(stage: Stage, ann: Visitor) -> None:
    assert "/settings/people" in (await ann.get("/desk/tickets")).text
    queue = stage.answers["tickets.queue"]
    stage.answers["tickets.queue"] = lambda asked: replace(queue(asked), desk=story.desk("agent"))
    assert "/settings/people" not in (await ann.get("/desk/tickets")).text


async def test_the_public_page_is_whole(stage: Stage) -> None:
    async with Visitor(edge(stage), "localhost:8000", known=False) as visitor:
        assert (await visitor.get("/")).status_code == 200
        assert (await visitor.get("/static/v/icon.svg")).headers["content-type"] == "image/svg+xml"
