from dataclasses import replace

import pytest

import rpc
from seldesk.errors import TicketClosed
from tests.web import story
from tests.web.stage import Stage
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


@pytest.mark.parametrize(("status", "answers", "closes"), [("open", 1, 1), ("solved", 1, 0), ("closed", 0, 0)])
async def test_the_page_offers_what_can_be_done(
    stage: Stage, ann: Visitor, status: str, answers: int, closes: int
) -> None:
    stage.answers["requests.read"] = replace(stage.answers["requests.read"], status=status)
    page = (await ann.get(TICKET)).text
    assert page.count(f'action="{TICKET}/answers"') == answers
    assert page.count(f'action="{TICKET}/close"') == closes


async def test_signing_out_forgets_the_ticket(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(TICKET, "/sign-out")
    assert answer.headers["set-cookie"].startswith('request=""; ')
    assert stage.calls[-1][0] == "requests.sign_out"
    assert (await ann.get("/desk/tickets")).status_code == 200, "the agent in the same browser stays signed in"


async def test_another_ticket_is_not_found(stage: Stage, ann: Visitor) -> None:
    stage.answers["requests.read"] = rpc.NotFound()
    assert (await ann.get("/tickets/4822")).status_code == 404
