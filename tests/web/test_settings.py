"""The control panel: forms, and where they lead."""

from dataclasses import replace

import pytest

import rpc
from seldesk.models.desk.member import LastOwner, WorksHere
from tests.web import panel
from tests.web.stage import Stage
from tests.web.story import ANN, BO, HOSTILE
from tests.web.visitor import Visitor

PEOPLE = "/settings/people"
PERSON = f"{PEOPLE}/{ANN.id}"


async def test_an_invitation_says_who_and_as_what(stage: Stage, ann: Visitor) -> None:
    fields = {"name": "Iris", "email": "iris@acme.example", "role": "agent"}
    answer = await ann.submit(PEOPLE, PEOPLE, fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PEOPLE}?done=invited")
    assert stage.last("members.invite") == fields


async def test_what_was_typed_stays_when_it_is_refused(stage: Stage, ann: Visitor) -> None:
    stage.answers["members.invite"] = WorksHere()
    answer = await ann.submit(PEOPLE, PEOPLE, {"name": HOSTILE, "email": "iris@acme.example", "role": "owner"})
    assert answer.status_code == 409
    assert str(WorksHere()) in answer.text
    assert "iris@acme.example" in answer.text
    assert '<option value="owner" selected>' in answer.text
    assert HOSTILE not in answer.text


async def test_a_missing_field_is_named_beside_it(ann: Visitor) -> None:
    answer = await ann.submit(PEOPLE, PEOPLE, {"name": "Iris", "email": "", "role": "agent"})
    assert answer.status_code == 422
    assert 'id="email-wrong"' in answer.text


async def test_name_and_role_are_saved(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(PERSON, PERSON, {"name": "Ann B.", "role": "owner"})
    assert answer.status_code == 303
    assert stage.last("members.update") == {"person": ANN.id, "name": "Ann B.", "role": "owner"}


@pytest.mark.parametrize(
    ("button", "method", "done"),
    [
        ("invitation", "members.send_again", "invited"),
        ("revoke", "members.revoke", "withdrawn"),
        ("disable", "members.disable", "disabled"),
        ("sessions/end", "members.end_sessions", "signed_out"),
        ("enable", "members.enable", "enabled"),
    ],
)
async def test_a_button_does_one_thing_with_one_person(
    stage: Stage, ann: Visitor, button: str, method: str, done: str
) -> None:
    answer = await ann.submit(PERSON, f"{PERSON}/{button}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PEOPLE}?done={done}")
    assert stage.last(method) == {"person": ANN.id}


async def test_a_refusal_is_told_on_the_page_of_the_person(stage: Stage, ann: Visitor) -> None:
    stage.answers["members.disable"] = LastOwner()
    answer = await ann.submit(PERSON, f"{PERSON}/disable")
    assert answer.status_code == 409
    assert str(LastOwner()) in answer.text


async def test_agents_are_told_that_it_is_not_for_them(stage: Stage, ann: Visitor) -> None:
    stage.answers["members.page"] = rpc.Forbidden()
    assert (await ann.get(PEOPLE)).status_code == 403


async def test_the_settings_begin_with_people(ann: Visitor, stranger: Visitor) -> None:
    assert (await ann.get("/settings")).headers["location"] == PEOPLE
    answer = await stranger.get(PEOPLE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in?next=%2Fsettings%2Fpeople")


async def test_a_team_is_made_and_filled(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit("/settings/teams", "/settings/teams", {"name": "Printers"})
    there = answer.headers["location"]
    assert stage.last("teams.create") == {"name": "Printers"}
    await ann.submit(there, there, {"name": "Machines", "members": [str(ANN.id), str(BO.id)]})
    saved = stage.last("teams.update")
    assert (saved["name"], saved["members"]) == ("Machines", [ANN.id, BO.id])
    await ann.submit(there, there, {"name": "Machines"})
    assert stage.last("teams.update")["members"] == []


async def test_a_ticket_is_given_to_a_team_and_taken_from_it(stage: Stage, ann: Visitor) -> None:
    ticket, team = "/desk/tickets/4821", panel.team_names()[0]
    assert f'<option value="{team.id}">{team.name}</option>' in (await ann.get(ticket)).text
    await ann.submit(ticket, ticket, {"team": str(team.id)})
    assert stage.last("tickets.update") == {"number": 4821, "team": team.id}
    await ann.submit(ticket, ticket, {"team": ""})
    assert stage.last("tickets.update") == {"number": 4821, "team": None}


async def test_a_signature_can_be_taken_away(stage: Stage, ann: Visitor) -> None:
    there = panel.PAGES["mailbox"].partition("?")[0]
    await ann.submit(there, there, {"name": "Support", "signature": "Acme\r\nYour machines"})
    assert stage.last("mailboxes.update")["signature"] == "Acme\nYour machines"
    await ann.submit(there, there, {"name": "Support", "signature": ""})
    assert stage.last("mailboxes.update")["signature"] == ""
    answer = await ann.submit(there, f"{there}/test")
    assert "on its way to" in (await ann.get(answer.headers["location"])).text
    await ann.submit("/settings/mailboxes", "/settings/mailboxes", {"address": "b@acme.localhost", "name": "B"})
    assert stage.last("mailboxes.add") == {"address": "b@acme.localhost", "name": "B"}


async def test_a_team_and_a_mailbox_are_deleted_after_a_question(stage: Stage, ann: Visitor) -> None:
    team, mailbox = panel.PAGES["team"], panel.PAGES["mailbox"].partition("?")[0]
    shown = (await ann.get(team)).text
    assert "12 of its tickets are not solved" in shown
    assert '<details class="sure">' in shown
    done = await ann.submit(team, f"{team}/delete")
    assert done.headers["location"] == "/settings/teams?done=deleted"
    other = stage.answers["mailboxes.read"].others[0]
    assert f'<option value="{other.id}">{other.address}</option>' in (await ann.get(mailbox)).text
    done = await ann.submit(mailbox, f"{mailbox}/delete", {"instead": str(other.id)})
    assert done.headers["location"] == "/settings/mailboxes?done=deleted"
    assert stage.last("mailboxes.delete")["instead"] == other.id
    stage.answers["mailboxes.delete"] = rpc.Invalid(fields={"instead": "Choose another mailbox."})
    refused = await ann.submit(mailbox, f"{mailbox}/delete", {"instead": str(other.id)})
    assert (refused.status_code, 'id="instead-wrong"' in refused.text) == (422, True)
    stage.answers |= {
        "teams.delete": rpc.Conflict("Give them away."),
        "mailboxes.delete": rpc.Conflict("The only one."),
    }
    for there, words in ((team, "Give them away."), (mailbox, "The only one.")):
        refused = await ann.submit(there, f"{there}/delete", {"instead": str(other.id)})
        assert (refused.status_code, words in refused.text) == (409, True)
    stage.answers["mailboxes.read"] = replace(stage.answers["mailboxes.read"], others=[])
    assert f"{mailbox}/delete" not in (await ann.get(mailbox)).text


async def test_how_long_mail_reopens_is_a_number_of_days(stage: Stage, ann: Visitor) -> None:
    there = panel.PAGES["mailbox"].partition("?")[0]
    assert (
        'name="reopens_for" type="number" min="0" max="3650" inputmode="numeric" value="90"'
        in (await ann.get(there)).text
    )
    await ann.submit(there, there, {"name": "Support", "signature": "", "reopens_for": "30"})
    assert stage.last("mailboxes.update")["reopens_for"] == 30
    refused = await ann.submit(there, there, {"name": "Support", "signature": "", "reopens_for": "-1"})
    assert refused.status_code == 422
    assert 'id="reopens_for-wrong"' in refused.text


async def test_a_token_is_shown_once(stage: Stage, ann: Visitor) -> None:
    there = "/settings/tokens"
    fields = {"name": "Nightly", "scopes": ["tickets.read", "attachments"]}
    answer = await ann.submit(there, there, fields)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "sdt_shown-once" in answer.text
    assert stage.last("tokens.issue") == fields
    assert "sdt_shown-once" not in (await ann.get(there)).text
    none = await ann.submit(there, there, {"name": "Nightly"})
    assert none.status_code == 422
    assert 'id="scopes-wrong"' in none.text
    await ann.submit(there, f"{there}/{ANN.id}/revoke")
    assert stage.last("tokens.revoke") == {"token": ANN.id}


async def test_a_tag_is_renamed_and_removed(stage: Stage, ann: Visitor) -> None:
    there = "/settings/tags"
    await ann.submit(there, f"{there}/rename", {"tag": "hardware", "name": "machine"})
    assert stage.last("tags.rename") == {"tag": "hardware", "name": "machine"}
    await ann.submit(there, f"{there}/remove", {"tag": "hardware", "name": "hardware"})
    assert stage.last("tags.remove") == {"tag": "hardware"}
    refused = await ann.submit(there, f"{there}/rename", {"tag": "hardware", "name": "two words"})
    assert refused.status_code == 422
    assert "one word" in refused.text
    assert 'value="two words" required maxlength="50" aria-label="New name of hardware" aria-invalid' in refused.text
