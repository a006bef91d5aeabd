"""What pages say of a helpdesk that moves to another machine, or is being made."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from seldesk.errors import CustomerMoving, CustomerUnavailable
from tests.web.stage import CUSTOMERS, Stage
from tests.web.story import NOW
from tests.web.visitor import Visitor


@pytest.mark.usefixtures("closing")
async def test_agents_are_told_before_on_each_page_and_requesters_are_not(ann: Visitor) -> None:
    for path in ("/desk/tickets", "/desk/tickets/4821", "/settings/people", "/desk/nothing"):
        text = (await ann.get(path)).text
        banner = " ".join(re.sub("<[^>]+>", " ", text.partition('class="closing"')[2].partition("</p>")[0]).split())
        assert "this helpdesk closes for 2 minutes at most" in banner, path
        assert "Today 09:46" in banner
        assert text.index("<body") < text.index('class="closing"')
    assert 'class="closing"' not in (await ann.get("/")).text


async def test_without_a_move_nothing_is_announced(ann: Visitor) -> None:
    assert 'class="closing"' not in (await ann.get("/desk/tickets")).text


async def test_while_it_moves_a_page_says_until_when_and_looks_again_by_itself(stage: Stage, ann: Visitor) -> None:
    stage.answers |= {"tickets.queue": CustomerMoving(retry_after=90), "tickets.reply": CustomerMoving(retry_after=90)}
    before = CUSTOMERS["acme"]
    CUSTOMERS["acme"] = replace(before, back_at=NOW + timedelta(seconds=90))
    try:
        answer = await ann.get("/desk/tickets")
    finally:
        CUSTOMERS["acme"] = before
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "90")
    assert 'data-again="15"' in answer.text
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in answer.text
    assert "Back in a moment" in answer.text
    assert "Today 09:37" in answer.text
    assert before.name in answer.text


async def test_what_is_sent_while_it_moves_is_not_lost(stage: Stage, ann: Visitor) -> None:
    stage.answers["tickets.reply"] = CustomerMoving(retry_after=90)
    answer = await ann.submit("/desk/tickets/4821", "/desk/tickets/4821/replies", {"as": "reply", "body": "Unplug it."})
    assert answer.status_code == 503
    assert "Unplug it." in answer.text
    assert "http-equiv" not in answer.text


async def test_one_that_is_being_made_is_almost_ready(stage: Stage, ann: Visitor) -> None:
    stage.answers["tickets.queue"] = CustomerUnavailable(retry_after=2)
    answer = await ann.get("/desk/tickets")
    assert answer.status_code == 503
    assert 'data-again="5"' in answer.text
    assert "Almost ready" in answer.text
