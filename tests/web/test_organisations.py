"""Organisations in the settings, on a person's page and in the portal, as a browser sees them."""

from dataclasses import replace

from seldesk.models.desk.mail_domain import DomainTaken
from tests.web import organisation_pages, story
from tests.web.stage import Stage
from tests.web.visitor import Visitor

HADDAD = story.id_of("haddad")


async def test_an_owner_makes_and_changes_organisations(stage: Stage, ann: Visitor) -> None:
    home, one = "/settings/organisations", f"/settings/organisations/{HADDAD}"
    assert "haddad-logistics.example, haddad.example" in (await ann.get(home)).text
    assert (await ann.submit(home, home, {"name": "New"})).headers["location"] == one
    sent = {"name": "Haddad", "domains": "a.example, b.example"}
    await ann.submit(one, one, sent)
    changed = {"organisation": HADDAD, "name": "Haddad", "domains": ["a.example", "b.example"]}
    assert stage.last("organisations.update") == {**changed, "shared": False}
    await ann.submit(one, one, {**sent, "shared": "true"})
    assert stage.last("organisations.update") == {**changed, "shared": True}
    stage.answers["organisations.update"] = DomainTaken()
    answer = await ann.submit(one, one, sent)
    assert answer.status_code == 409
    assert 'value="a.example, b.example"' in answer.text
    assert (await ann.submit(one, f"{one}/delete")).headers["location"] == f"{home}?done=deleted"


async def test_a_person_is_placed_and_taken_out(stage: Stage, ann: Visitor) -> None:
    here = f"/desk/people/{story.OMAR.id}"
    assert (await ann.submit(here, here, {"organisation": str(HADDAD)})).headers["location"] == here
    assert stage.last("contacts.place") == {"person": story.OMAR.id, "organisation": HADDAD}
    await ann.submit(here, here, {"organisation": ""})
    assert stage.last("contacts.place") == {"person": story.OMAR.id, "organisation": None}


async def test_a_requester_finds_what_colleagues_asked(stage: Stage, omar: Visitor) -> None:
    rows = [replace(row, requester="Lena Haddad") for row in story.request_rows()]
    stage.answers["requests.list"] = replace(stage.answers["requests.list"], items=rows)
    page = (await omar.get("/?whose=organisation")).text
    assert stage.last("requests.list") == {"whose": "organisation"}
    assert "#4821, Lena Haddad, answered by Ann Berg" in page
    assert 'href="/?whose=organisation&amp;cursor=next-page#requests"' in page
    stage.answers["requests.read"] = replace(stage.answers["requests.read"], own=False)
    page = (await omar.get("/tickets/4821")).text
    assert "Your answer" in page
    assert "It is solved" not in page


async def test_who_shares_nothing_is_not_told_of_it(stage: Stage, omar: Visitor) -> None:
    stage.answers["requests.list"] = replace(stage.answers["requests.list"], organisation=None)
    assert "whose=organisation" not in (await omar.get("/")).text
    assert organisation_pages.names()[0].name not in (await omar.get("/")).text
