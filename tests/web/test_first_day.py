"""What a new team does in its first hours: the settings say what was done, and nothing that was typed is lost."""

import pytest

import rpc
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.shapes.people import Me
from seldesk.methods.desk.shapes.tickets import Changed
from seldesk.permissions import AGENT, OWNER, WORKER
from tests.web import panel, story
from tests.web.stage import Stage
from tests.web.story import ANN
from tests.web.visitor import Visitor


@pytest.mark.parametrize(
    ("may", "there"),
    [
        (OWNER, "/settings/people"),
        (WORKER | {"settings.tags", "settings.audit"}, "/settings/tags"),
        (AGENT, "/desk/tickets"),
    ],
)
async def test_the_settings_begin_with_what_one_may_see(
    stage: Stage, ann: Visitor, may: frozenset[str], there: str
) -> None:
    stage.answers["panels.home"] = Panel("Acme", Me(ANN.id, ANN.name, ANN.email, "agent", may=may))
    assert (await ann.get("/settings")).headers["location"] == there


@pytest.mark.parametrize(
    ("page", "method", "typed", "marks"),
    [
        ("person", "members.update", {"name": "Ann B.", "role": "owner"}, ['value="Ann B."', '"owner" selected']),
        ("mailbox", "mailboxes.update", {"name": "Help", "signature": "By hand"}, ['value="Help"', ">By hand</"]),
        (
            "team",
            "teams.update",
            {"name": "Machines", "members": [str(ANN.id)]},
            ['value="Machines"', f'value="{ANN.id}" checked'],
        ),
        (
            "organisation",
            "organisations.update",
            {"name": "Haddad", "shared": "true"},
            ['value="Haddad"', '"true" checked'],
        ),
        ("tokens", "tokens.issue", {"name": "Form", "scopes": ["attachments"]}, ['"attachments" checked']),
        ("branding", "branding.update", {"name": "Acme", "colour": "own", "accent": "#123456"}, ['value="#123456"']),
    ],
)
async def test_what_was_changed_stays_in_the_form_when_it_is_refused(
    stage: Stage, ann: Visitor, page: str, method: str, typed: dict[str, object], marks: list[str]
) -> None:
    stage.answers[method] = rpc.Conflict("Somebody else was here.")
    there = panel.PAGES[page].partition("?")[0]
    answer = await ann.submit(there, there, typed)
    assert answer.status_code == 409
    assert "Somebody else was here." in answer.text
    assert [mark for mark in marks if mark not in answer.text] == []


async def test_an_invitation_is_told_of_and_only_in_words_of_ours(ann: Visitor) -> None:
    assert "The invitation is on its way." in (await ann.get("/settings/people?done=invited")).text
    assert 'class="done"' not in (await ann.get("/settings/people?done=%3Cb%3Ehacked")).text


async def test_what_cannot_be_taken_back_is_pressed_twice(ann: Visitor) -> None:
    tags = (await ann.get("/settings/tags")).text
    assert "<summary" in tags.partition('formaction="/settings/tags/remove"')[0].rpartition("<details")[2]
    assert "From 1,000+ tickets</button>" in tags or "From 1,204 tickets</button>" in tags


async def test_a_ticket_is_begun_from_the_page_of_a_person(ann: Visitor) -> None:
    there = f"/desk/people/{story.OMAR.id}"
    link = f"/desk/tickets/new?requester_email={story.OMAR.email.replace('@', '%40')}"
    assert link in (await ann.get(there)).text
    text = (await ann.get(f"/desk/tickets/new?requester_email={story.OMAR.email}&requester_name=Omar")).text
    assert f'value="{story.OMAR.email}"' in text
    assert 'name="requester_name" type="text" value="Omar"' in text


async def test_what_was_written_is_given_back_when_the_session_is_over(stage: Stage, ann: Visitor) -> None:
    there = "/settings/saved-replies"
    stage.answers["saved_replies.create"] = rpc.Unauthenticated()
    answer = await ann.submit(there, there, {"name": "Refund", "text": "Written with care"})
    assert answer.status_code == 401
    assert "readonly>Written with care</textarea>" in answer.text


async def test_the_name_of_a_requester_is_corrected_on_their_page(stage: Stage, ann: Visitor) -> None:
    here = f"/desk/people/{story.OMAR.id}"
    answer = await ann.submit(here, f"{here}/name", {"name": "Omar Haddad-Weiss"})
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert stage.last("contacts.rename") == {"person": story.OMAR.id, "name": "Omar Haddad-Weiss"}


async def test_a_tag_leads_to_all_tickets_that_have_it(ann: Visitor) -> None:
    for page in ("/desk/tickets/4821", "/settings/tags"):
        assert 'href="/desk/tickets?view=all&amp;tag=' in (await ann.get(page)).text


async def test_a_preview_without_a_script_stays_in_the_saved_view(stage: Stage, ann: Visitor) -> None:
    there, saved = "/desk/tickets/4821", story.id_of("loud")
    answer = await ann.submit(there, f"{there}/preview", {"body": "*Soon*", "view": str(saved)})
    assert answer.status_code == 200
    assert stage.last("tickets.page")["saved"] == saved


async def test_who_gives_a_ticket_away_that_they_see_no_longer_is_led_to_the_list(stage: Stage, ann: Visitor) -> None:
    there = "/desk/tickets/4821"
    stage.answers["tickets.update"] = Changed(4821, "open", story.NOW, gone=True)
    answer = await ann.submit(there, there, {"assignee": str(ANN.id), "view": "mine"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets?view=mine")
