from dataclasses import replace

import pytest

import rpc
from seldesk.errors import TicketClosed, TooManyTries
from seldesk.methods.desk.shapes.requests import Linked
from seldesk.methods.desk.shapes.tickets import Written
from tests.web import story
from tests.web.stage import LINK, SESSION, Stage
from tests.web.visitor import Visitor

TICKET = "/tickets/4821"


async def test_a_requester_reads_the_ticket_and_no_agents_address(stage: Stage, ann: Visitor) -> None:
    page = (await ann.get(TICKET)).text
    assert "sorry about that" in page
    assert "Waiting for you" in page
    assert "ann@acme.example" not in page
    assert stage.calls[-1][2].kind is rpc.Kind.LINK


async def test_an_answer_is_sent_with_its_files(stage: Stage, ann: Visitor) -> None:
    files = [("files", ("a.png", b"png", "image/png"))]
    answer = await ann.submit(TICKET, f"{TICKET}/answers", {"body": "Here"}, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TICKET}#message-{story.id_of('answer')}")
    _, asked, _ = stage.calls[-1]
    assert asked == {"number": 4821, "body": "Here", "files": [rpc.Upload("a.png", "image/png", b"png")]}


async def test_an_answer_that_fails_is_still_there(stage: Stage, ann: Visitor) -> None:
    stage.answers["requests.answer"] = TicketClosed()
    files = [("files", ("a.png", b"png", "image/png"))]
    answer = await ann.submit(TICKET, f"{TICKET}/answers", {"body": "A long story"}, files=files)
    assert answer.status_code == 409
    assert "A long story</textarea>" in answer.text
    assert "Choose your files again: a.png." in answer.text
    assert 'aria-describedby="body-wrong"' in answer.text


async def test_a_requester_says_that_it_is_solved(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(TICKET, f"{TICKET}/close")
    assert (answer.status_code, answer.headers["location"]) == (303, TICKET)
    assert stage.calls[-1][:2] == ("requests.close", {"number": 4821})


@pytest.mark.parametrize(("status", "answers", "closes"), [("open", 1, 1), ("solved", 1, 0), ("closed", 1, 0)])
async def test_the_page_offers_what_can_be_done(
    stage: Stage, ann: Visitor, status: str, answers: int, closes: int
) -> None:
    stage.answers["requests.read"] = replace(stage.answers["requests.read"], status=status)
    page = (await ann.get(TICKET)).text
    assert page.count(f'action="{TICKET}/answers"') == answers
    assert page.count(f'action="{TICKET}/close"') == closes


async def test_a_ticket_closed_long_ago_says_that_an_answer_begins_a_new_one(stage: Stage, ann: Visitor) -> None:
    """Who came by a link goes back to its ticket, which names the new one."""
    read = replace(stage.answers["requests.read"], status="closed")
    stage.answers["requests.read"] = read
    page = (await ann.get(TICKET)).text
    assert f'action="{TICKET}/reopen"' in page
    assert "begins a new one" not in page
    stage.answers["requests.read"] = replace(read, begins_new=True, linked=[Linked(4830, False), Linked(12, True)])
    page = (await ann.get(TICKET)).text
    assert f'action="{TICKET}/reopen"' not in page
    assert "What you write here begins a new one, which is linked with it." in page
    assert "It goes on in #4830, of which you hear by mail.</span>" in page
    assert 'It goes on from <a href="/tickets/12">#12</a>.' in page
    stage.answers["requests.answer"] = Written(story.id_of("answer"), 4830, "new")
    answer = await ann.submit(TICKET, f"{TICKET}/answers", {"body": "Here"})
    assert (answer.status_code, answer.headers["location"]) == (303, TICKET)


async def test_who_is_signed_in_goes_on_in_the_new_ticket(stage: Stage, omar: Visitor) -> None:
    stage.answers["requests.answer"] = Written(story.id_of("answer"), 4830, "new")
    answer = await omar.submit(TICKET, f"{TICKET}/answers", {"body": "Here"})
    assert answer.headers["location"] == f"/tickets/4830#message-{story.id_of('answer')}"


async def test_signing_out_forgets_the_ticket(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(TICKET, "/sign-out")
    assert answer.headers["set-cookie"].startswith('request=""; ')
    assert stage.calls[-1][0] == "requests.sign_out"
    assert (await ann.get("/desk/tickets")).status_code == 200, "the agent in the same browser stays signed in"


async def test_another_ticket_is_not_found(stage: Stage, ann: Visitor) -> None:
    stage.answers["requests.read"] = rpc.NotFound()
    assert (await ann.get("/tickets/4822")).status_code == 404


async def test_a_signed_in_requester_finds_their_own_requests(stage: Stage, omar: Visitor) -> None:
    page = (await omar.get("/")).text
    assert "Your requests" in page
    assert "Waiting for you" in page
    assert 'href="/tickets/4821"' in page
    assert "/?cursor=next-page" in page
    await omar.get("/?cursor=next-page")
    assert stage.last("requests.list") == {"cursor": "next-page"}


@pytest.mark.parametrize("secret", ["", "over", SESSION])
async def test_who_is_no_requester_finds_the_public_page(stage: Stage, stranger: Visitor, secret: str) -> None:
    """An agent's session, one that is over, and none."""
    stranger.cookies.set("session", secret)
    answer = await stranger.get("/")
    assert answer.status_code == 200
    assert "Your requests" not in answer.text
    assert stage.calls == []


async def test_a_ticket_page_serves_who_signed_in_and_who_came_by_link(stage: Stage, omar: Visitor) -> None:
    assert (await omar.get(TICKET)).status_code == 200
    assert stage.calls[-1][2].kind is rpc.Kind.PERSON
    for action in ("answers", "close", "reopen"):
        answer = await omar.submit(TICKET, f"{TICKET}/{action}", {"body": "Here"})
        assert answer.status_code == 303
        assert stage.calls[-1][2].kind is rpc.Kind.PERSON


async def test_a_link_to_what_is_somebody_elses_opens_beside_ones_own_session(stage: Stage, omar: Visitor) -> None:
    """What the session may not see, the link may; the form of its page is sent as the link's."""
    omar.cookies.set("request", LINK)

    shown = stage.answers["requests.read"]

    def read(_: object) -> object:
        if stage.calls[-1][2].kind is rpc.Kind.PERSON:
            raise rpc.NotFound
        return shown

    stage.answers["requests.read"] = read
    answer = await omar.submit(TICKET, f"{TICKET}/answers", {"body": "Here"})
    assert answer.status_code == 303
    assert stage.calls[-1][2].kind is rpc.Kind.LINK


async def test_a_new_request_is_opened_with_its_files(stage: Stage, omar: Visitor) -> None:
    files = [("files", ("a.png", b"png", "image/png"))]
    typed = {"subject": "It smokes", "body": "Again", "requester_email": "ann@acme.example", "channel": "mail"}
    answer = await omar.submit("/requests/new", "/requests", typed, files=files)
    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets/4832")
    _, asked, _ = stage.calls[-1]
    assert asked == {"subject": "It smokes", "body": "Again", "files": [rpc.Upload("a.png", "image/png", b"png")]}


async def test_a_request_that_fails_is_still_there(stage: Stage, omar: Visitor) -> None:
    files = [("files", ("a.png", b"png", "image/png"))]
    answer = await omar.submit("/requests/new", "/requests", {"body": "A long story", "subject": ""}, files=files)
    assert answer.status_code == 422
    assert 'aria-describedby="subject-wrong"' in answer.text
    stage.answers["requests.create"] = TooManyTries()
    answer = await omar.submit("/requests/new", "/requests", {"body": "A long story", "subject": "Smoke"}, files=files)
    assert answer.status_code == 429
    for kept in ("A long story</textarea>", 'value="Smoke"', "Choose your files again: a.png.", "Too many tries"):
        assert kept in answer.text


@pytest.mark.parametrize("path", ["/requests/new", TICKET])
async def test_a_session_that_is_over_leads_to_the_portals_sign_in(stranger: Visitor, path: str) -> None:
    stranger.cookies.set("session", "over")
    answer = await stranger.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path.replace('/', '%2F')}")


async def test_a_requester_finds_no_desk(stage: Stage, omar: Visitor) -> None:
    for path in ("/desk/tickets", "/desk/tickets/4821", "/desk/profile", "/settings/mail-failures"):
        assert (await omar.get(path)).status_code == 404
    assert stage.calls == []


async def test_signing_out_ends_the_session_that_is_signed_in(stage: Stage, omar: Visitor) -> None:
    answer = await omar.submit("/", "/sign-out")
    assert answer.headers["set-cookie"].startswith('session=""; ')
    assert stage.calls[-1][0] == "requests.sign_out"


async def test_a_requester_chooses_a_time_zone(stage: Stage, omar: Visitor) -> None:
    assert "Times are shown in UTC." in (await omar.get("/")).text
    assert "America/New York" in (await omar.get("/zone")).text
    answer = await omar.submit("/zone", "/zone", {"zone": "America/New_York"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert stage.last("profile.move") == {"zone": "America/New_York"}
