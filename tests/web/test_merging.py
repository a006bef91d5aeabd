"""The ticket page where two tickets are about one matter."""

from dataclasses import replace

from seldesk.errors import DifferentRequesters, TicketMerged
from seldesk.methods.desk.shapes.tickets import Event
from tests.web import story
from tests.web.stage import Stage
from tests.web.visitor import Visitor

TICKET = "/desk/tickets/4821"


async def test_a_ticket_is_merged_into_the_one_that_is_named(stage: Stage, ann: Visitor) -> None:
    text = (await ann.get(TICKET)).text
    assert '<option value="4410">Change of address</option>' in text
    answer = await ann.submit(TICKET, f"{TICKET}/merge", {"into": " #4410", "view": "mine"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets/4410?view=mine")
    assert stage.last("merges.merge") == {"number": 4821, "into": 4410}


async def test_what_is_wrong_with_the_number_stands_beside_it(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(TICKET, f"{TICKET}/merge", {"into": "the other one"})
    assert answer.status_code == 422
    form = answer.text[answer.text.index('class="merge"') :]
    assert 'value="the other one"' in form
    assert 'aria-describedby="into-wrong into-hint"' in form
    assert "open>" in form[:80]


async def test_different_requesters_are_confirmed_by_a_second_press(stage: Stage, ann: Visitor) -> None:
    stage.answers["merges.merge"] = DifferentRequesters()
    answer = await ann.submit(TICKET, f"{TICKET}/merge", {"into": "4410"})
    assert answer.status_code == 409
    assert "Somebody else asked the other ticket." in answer.text
    assert 'name="different_requesters" value="true">Merge all the same' in answer.text
    await ann.submit(TICKET, f"{TICKET}/merge", {"into": "4410", "different_requesters": "true"})
    assert stage.last("merges.merge") == {"number": 4821, "into": 4410, "different_requesters": True}


async def test_what_was_merged_is_named_and_taken_out_again(stage: Stage, ann: Visitor) -> None:
    text = (await ann.get(TICKET)).text
    assert "Merged into this ticket" in text
    answer = await ann.submit(TICKET, "/desk/tickets/4807/unmerge", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets/4807")
    assert stage.last("merges.undo") == {"number": 4807}


async def test_the_number_of_a_merged_ticket_leads_to_where_it_goes_on(stage: Stage, ann: Visitor) -> None:
    answer = await ann.get("/desk/tickets/4807?view=mine")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets/4821?view=mine")
    assert (await ann.get("/desk/tickets/4807")).headers["location"] == "/desk/tickets/4821"


async def test_what_was_written_meanwhile_is_not_lost(stage: Stage, ann: Visitor) -> None:
    stage.answers["tickets.reply"] = TicketMerged()
    answer = await ann.submit(TICKET, "/desk/tickets/4807/replies", {"body": "Dear Omar", "as": "reply"})
    assert answer.status_code == 409
    assert "This ticket was merged into another one meanwhile." in answer.text
    assert "Dear Omar</textarea>" in answer.text
    assert f'action="{TICKET}/replies"' in answer.text


async def test_the_history_says_what_was_merged(stage: Stage, ann: Visitor) -> None:
    page = stage.answers["tickets.page"]
    kinds = {"merged": "merged", "parted": "took", "joined": "merged it into", "left": "took it out of"}
    events = [Event(story.id_of(kind), kind, "Ann", {}, {"ticket": 4807}, story.NOW) for kind in kinds]
    stage.answers["tickets.page"] = lambda asked: replace(page(asked), events=events)
    text = (await ann.get(TICKET)).text
    for words in kinds.values():
        assert f'{words} <a href="/desk/tickets/4807">#4807</a>' in text


async def test_a_requester_is_led_to_where_theirs_goes_on(stage: Stage, omar: Visitor) -> None:
    answer = await omar.get("/tickets/4807")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets/4821")


async def test_what_a_requester_wrote_becomes_a_ticket_of_its_own(stage: Stage, ann: Visitor) -> None:
    first, second = [one for one in story.messages() if one.side == "requester"][:2]
    text = (await ann.get(TICKET)).text
    assert text.count('form="split"') == len([one for one in story.messages() if one.side == "requester"])
    answer = await ann.submit(TICKET, f"{TICKET}/split", {"message": str(second.id), "view": "mine"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets/4832?view=mine")
    assert stage.last("merges.split") == {"number": 4821, "message": second.id}
    page = stage.answers["tickets.page"]
    stage.answers["tickets.page"] = lambda asked: replace(page(asked), messages=[first])
    assert 'form="split"' not in (await ann.get(TICKET)).text, "alone it is one already"
