"""The pages of roles: what is ticked, what is sent, and what a page offers to whoever may less."""

from dataclasses import replace

import pytest

from seldesk.models.desk.role import RoleInUse, RoleKnown
from seldesk.permissions import WORKER
from tests.web import role_pages, story
from tests.web.role_pages import LIGHT, OFFERED
from tests.web.stage import Stage, answers
from tests.web.visitor import Visitor

MARKS = {"Add note", "Unfollow", "Send, wait", "Assign to me", "Solve", "Settings"}
HOME, ONE = role_pages.PAGES["roles"], role_pages.PAGES["role"]


async def test_a_role_is_made_changed_and_deleted(stage: Stage, ann: Visitor) -> None:
    fields = {"name": "Light agent", "reach": "own", "permissions": ["tickets.note", "tickets.write"]}
    answer = await ann.submit(HOME, HOME, fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}?done=saved")
    assert stage.last("roles.create") == fields
    await ann.submit(ONE, ONE, {"name": "Reader", "reach": "all"})
    assert stage.last("roles.update") == {"role": LIGHT.id, "name": "Reader", "reach": "all", "permissions": []}
    await ann.submit(ONE, f"{ONE}/delete", {"instead": "limited"})
    assert stage.last("roles.delete") == {"role": LIGHT.id, "instead": "limited"}


async def test_what_was_ticked_stays_when_it_is_refused(stage: Stage, ann: Visitor) -> None:
    stage.answers |= {"roles.create": RoleKnown(), "roles.update": RoleKnown(), "roles.delete": RoleInUse()}
    fields = {"name": "Light agent", "reach": "own", "permissions": ["tickets.note"]}
    for page, at in ((HOME, HOME), (ONE, ONE)):
        answer = await ann.submit(page, at, fields)
        assert answer.status_code == 409
        assert str(RoleKnown()) in answer.text
        assert 'value="own" checked' in answer.text
        assert answer.text.count('name="permissions"') == 11
        assert answer.text.count(" checked") == 2
    answer = await ann.submit(ONE, f"{ONE}/delete", {"instead": "agent"})
    assert (answer.status_code, str(RoleInUse()) in answer.text) == (409, True)


async def test_a_role_of_ones_own_is_offered_to_people(stage: Stage, ann: Visitor) -> None:
    people = "/settings/people"
    assert f'<option value="{LIGHT.id}">{LIGHT.name}</option>' in (await ann.get(people)).text
    fields = {"name": "Iris", "email": "iris@acme.example", "role": str(LIGHT.id)}
    await ann.submit(people, people, fields)
    assert stage.last("members.invite") == fields
    assert len(OFFERED) == 4


@pytest.mark.asvs("V8.1.1")
async def test_a_page_offers_what_its_reader_may(stage: Stage, ann: Visitor) -> None:
    """Who may not change, answer or note finds no button for it; what is offered is refused all the same."""
    ticket = "/desk/tickets/4821"
    for may, there in (
        (WORKER, set()),
        (WORKER | {"tickets.note"}, {"Add note", "Unfollow"}),
        (WORKER | {"tickets.reply"}, {"Send, wait"}),
        (WORKER | {"tickets.write"}, {"Assign to me", "Solve"}),
        (WORKER | {"settings.tags"}, {"Settings"}),
    ):
        shown = answers()["tickets.page"]({"number": 4821, "view": "open"})
        shown = replace(shown, ticket=replace(shown.ticket, assignee=None, status="open", removed=None))
        me = replace(story.desk().me, may=may, title="Light agent", role="agent")
        stage.answers["tickets.page"] = replace(shown, desk=replace(shown.desk, me=me))
        text = (await ann.get(ticket)).text
        found = {mark for mark in MARKS if f"{mark}</" in text or f"{mark} <kbd" in text}
        assert found == there, may
        assert "<small>Light agent</small>" in text
        assert ('href="/settings/tags"' in text) == ("settings.tags" in may)
    assert 'href="/settings/people"' not in text
