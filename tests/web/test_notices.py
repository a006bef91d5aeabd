"""Who follows a ticket, and what one is told by mail."""

from dataclasses import replace

from tests.web import story
from tests.web.stage import Stage
from tests.web.visitor import Visitor

TICKET, PROFILE = "/desk/tickets/4821", "/desk/profile"


async def test_a_ticket_is_followed_and_left_by_its_button(stage: Stage, ann: Visitor) -> None:
    assert "Unfollow" in (await ann.get(TICKET)).text
    answer = await ann.submit(TICKET, f"{TICKET}/unfollow", {"view": "mine"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TICKET}?view=mine")
    assert stage.last("tickets.unfollow") == {"number": 4821}
    page = stage.answers["tickets.page"]
    stage.answers["tickets.page"] = lambda asked: replace(page(asked), ticket=story.ticket(followers=[]))
    assert "Nobody follows this ticket." in (await ann.get(TICKET)).text
    await ann.submit(TICKET, f"{TICKET}/follow", {})
    assert stage.last("tickets.follow") == {"number": 4821}


async def test_what_one_is_told_is_chosen_on_the_profile(stage: Stage, ann: Visitor) -> None:
    text = (await ann.get(PROFILE)).text
    assert [f'value="{kind}" checked' in text for kind in ("assigned", "answered", "mentioned", "new")] == [
        True,
        False,
        True,
        False,
    ]
    answer = await ann.submit(PROFILE, f"{PROFILE}/notices", {"kinds": ["answered", "new"]})
    assert answer.headers["location"] == f"{PROFILE}?done=notices#notices-title"
    assert stage.last("profile.choose_notices") == {"kinds": ["answered", "new"]}
    await ann.submit(PROFILE, f"{PROFILE}/notices", {})
    assert stage.last("profile.choose_notices") == {}, "nothing ticked is nothing"
    assert "Saved." in (await ann.get(f"{PROFILE}?done=notices")).text
