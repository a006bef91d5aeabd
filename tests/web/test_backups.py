"""What owners see of their copies, and how they have one made."""

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

import rpc
from seldesk.errors import Busy, TooManySides, TooManyTries
from seldesk.methods.control.coverage import Making
from seldesk.methods.desk.exports import Asked
from seldesk.methods.desk.panels import Panel
from seldesk.methods.desk.shapes.people import Me
from seldesk.permissions import OWNER
from seldesk.web.settings.backups import bars, duration
from tests.web import shelves
from tests.web.stage import Stage, edge
from tests.web.story import BO, id_of
from tests.web.theatre import Theatre
from tests.web.visitor import Visitor

HERE = "/settings/backups"
PANEL = Panel("Acme Support", Me(BO.id, BO.name, BO.email, "owner", may=OWNER))


async def test_the_page_shows_all_copies_with_their_proof_beside_the_promise(ann: Visitor) -> None:
    text = (await ann.get(HERE)).text
    assert text.count("<tr>") == 26
    for words in ("24 of 24", "2 h 11 min", "promise: at most 18 h", "3 min 40 s", "promise: 12 h", "48.2 MB"):
        assert words in text
    assert text.count("Frankfurt, Amsterdam") == 25
    assert text.count("Restored") == 1
    assert text.count('class="daily"') == 14
    assert text.count('class="weekly"') == 10


async def test_before_day_84_it_says_when_all_are_there(stage: Stage, ann: Visitor) -> None:
    stage.answers["backups.page"] = shelves.empty(PANEL)
    text = (await ann.get(HERE)).text
    assert "0 of 24" in text
    assert "all 24 are there on" in text
    assert "13 February 2027" in text
    assert "promise: 90 h" in text


async def test_while_there_is_only_a_copy_of_midday_it_is_the_first(stage: Stage, ann: Visitor) -> None:
    shown, since = shelves.page(PANEL), shelves.empty(PANEL).shelf.since
    first = replace(shown.shelf, copies=shown.shelf.copies[:1], since=since, complete_at=since + 84 * shelves.DAY)
    stage.answers["backups.page"] = replace(shown, shelf=first)
    text = (await ann.get(HERE)).text
    assert "1 of 24" in text
    assert text.count('class="daily"') == 1


async def test_what_stands_on_the_side_has_an_address_an_end_and_a_button(stage: Stage, ann: Visitor) -> None:
    shown = shelves.page(PANEL)
    stage.answers["backups.page"] = replace(shown, sides=shelves.beside())
    text = (await ann.get(HERE)).text
    for words in ("It begins when those before it", "Every table is as it was", "This did not work", "3 mails"):
        assert words in text
    assert 'href="http://acme--00000002.localhost:8000/desk/sign-in"' in text
    assert text.count("Remove it now</button>") == 3
    assert "data-making" in text


async def test_a_copy_is_put_on_the_side_with_the_password(stage: Stage, ann: Visitor) -> None:
    where, copy = f"{HERE}/sides", str(id_of("c3"))
    given = {"copy": copy, "password": "correct horse", "writable": "true"}
    answer = await ann.submit(HERE, where, given)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}#sides")
    asked = stage.last("sides.ask")
    assert (str(asked["copy"]), asked["password"], asked["writable"]) == (copy, "correct horse", True)
    for told, status, words in (
        (Asked(asked=False), 422, 'id="side-password-wrong"'),
        (Asked(asked=False, wait=90), 429, 'id="side-password-wrong"'),
        (TooManySides("Remove one first."), 409, "Remove one first."),
    ):
        stage.answers["sides.ask"] = told
        answer = await ann.submit(HERE, where, given)
        assert (answer.status_code, words in answer.text) == (status, True)
        assert "correct horse" not in answer.text
    answer = await ann.submit(HERE, f"{HERE}/sides/{id_of('s2')}/remove")
    assert (answer.status_code, str(stage.last("sides.remove")["side"])) == (303, str(id_of("s2")))
    stage.answers["sides.remove"] = Busy()
    answer = await ann.submit(HERE, f"{HERE}/sides/{id_of('s2')}/remove")
    assert (answer.status_code, str(Busy()) in answer.text) == (409, True)


async def test_mail_that_was_held_back_is_sent_or_dropped_one_by_one(stage: Stage, ann: Visitor) -> None:
    where = f"{HERE}/unsent"
    text = (await ann.get(where)).text
    for words in ("The printer smokes", "to cleo@cleo.example", "An invitation", "nobody is known any more to whom"):
        assert words in text
    for act in ("send", "drop"):
        answer = await ann.submit(where, f"{where}/{id_of('u1')}/{act}")
        assert (answer.status_code, answer.headers["location"]) == (303, where)
        assert str(stage.last(f"unsent.{act}")["mail"]) == str(id_of("u1"))


@pytest.mark.long
@pytest.mark.asyncio(loop_scope="module")
async def test_the_page_follows_what_is_made_and_says_the_end(theatre: Theatre, windows: dict[str, Page]) -> None:
    page, made = windows["ann"], shelves.page(PANEL)
    making = Making("", 31_000_000, made.shelf.since, begun=True)
    theatre.stage.answers["backups.page"] = replace(made, shelf=replace(made.shelf, making=making))
    await page.goto(theatre.address(HERE))
    await page.fill("#side-password", "half typed")
    button, step = page.locator(".backups-acts button.go"), page.locator(".backup-step").first
    await expect(step).to_contain_text("31.0 MB sealed so far")
    await expect(button).to_be_disabled()
    more = replace(making, size=44_000_000)
    theatre.stage.answers["backups.page"] = replace(made, shelf=replace(made.shelf, making=more))
    await expect(page.locator("#backup-told")).to_contain_text("44.0 MB sealed so far")
    theatre.stage.answers["backups.page"] = replace(made, downloads=[], sides=[])
    await expect(page.locator("#backup-told")).to_have_text("It is finished: see the list.")
    await expect(button).to_be_enabled()
    assert await page.input_value("#side-password") == "half typed"
    assert theatre.troubles == []


async def test_a_test_that_failed_is_said_and_not_hidden_by_a_good_one_before_it(stage: Stage, ann: Visitor) -> None:
    shown = shelves.page(PANEL)
    failed = replace(shown.shelf, test_failed_at=shown.shelf.copies[0].verified_at)
    stage.answers["backups.page"] = replace(shown, shelf=failed)
    text = (await ann.get(HERE)).text
    assert "failed: the operator knows" in text
    assert "every table was equal" not in text


async def test_after_an_outage_it_says_that_some_are_missing(stage: Stage, ann: Visitor) -> None:
    shown = shelves.page(PANEL)
    stage.answers["backups.page"] = replace(shown, shelf=replace(shown.shelf, copies=shown.shelf.copies[:-2]))
    text = (await ann.get(HERE)).text
    assert "22 of 24" in text
    assert "2 of the 24 could not be taken in their time" in text


@pytest.mark.parametrize(("replicas", "words"), [(1, "1 of 2"), (0, "The last try failed")])
async def test_what_is_no_copy_stands_apart(stage: Stage, ann: Visitor, replicas: int, words: str) -> None:
    stage.answers["backups.page"] = shelves.failed(PANEL, replicas)
    text = (await ann.get(HERE)).text
    assert words in text
    assert "9 of 24" in text
    assert "StoreUnavailable" not in text


async def test_a_copy_that_one_store_has_lost_is_not_counted(stage: Stage, ann: Visitor) -> None:
    stage.answers["backups.page"] = shelves.full(PANEL)
    text = (await ann.get(HERE)).text
    assert "22 of 24" in text
    assert text.count("One data centre has lost it") == 2
    assert "2 copies lie in one data centre only and are not counted." in text
    assert "31.0 MB sealed so far" in text


async def test_backing_up_now_leads_back_to_the_page(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(HERE, HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    assert stage.calls[-1][0] == "backups.ask"


@pytest.mark.parametrize("error", [Busy(), TooManyTries("Enough for today.", retry_after=60)], ids=repr)
async def test_what_is_refused_stands_beside_the_button(stage: Stage, ann: Visitor, error: rpc.Error) -> None:
    stage.answers["backups.ask"] = error
    answer = await ann.submit(HERE, HERE)
    assert answer.status_code == error.status
    assert str(error) in answer.text
    assert 'aria-describedby="backup-wrong"' in answer.text


async def test_the_pages_of_the_public_tell_no_metrics(stage: Stage, stranger: Visitor) -> None:
    async with Visitor(edge(stage), "localhost:8000", known=False) as at_the_site:
        for visitor in (stranger, at_the_site):
            assert (await visitor.get("/metrics")).status_code == 404


def test_bars_are_as_high_as_copies_are_large_and_empty_places_stay() -> None:
    shown = shelves.shelf()
    shown = replace(shown, copies=[replace(one, size=1000 if at == 1 else 500) for at, one in enumerate(shown.copies)])
    row = bars(replace(shown, copies=shown.copies[:6]))
    assert len(row) == 24
    assert [bar.height for bar in row[:3]] == [120, 72, 72]
    assert [bar.copy is None for bar in row[4:7]] == [False, True, True]
    assert all(bar.y + bar.height == 120 for bar in row)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (220, "3 min 40 s"), (7860, "2 h 11 min"), (3600, "1 h"), (90_000, "1 d 1 h")],
)
def test_a_time_is_told_in_two_units(seconds: int, words: str) -> None:
    assert duration(seconds) == words
