"""What the page about exports shows, and how a file is sent."""

import re

import pytest
from playwright.async_api import Page, expect

import rpc
from seldesk.errors import TooManyTries
from seldesk.methods.desk.exports import Asked, ExportPage
from seldesk.models.control.download import UnderWay
from tests.web import panel
from tests.web.stage import Stage
from tests.web.story import id_of
from tests.web.theatre import Theatre
from tests.web.visitor import Visitor

HERE = "/settings/export"


async def test_it_shows_what_is_under_way_without_scripts_too(stage: Stage, ann: Visitor) -> None:
    text = (await ann.get(HERE)).text
    assert "4,180 of 12,604 rows and files" in text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    assert f'href="/settings/downloads/{id_of("e1")}"' in text
    assert text.count("/settings/downloads/") == 2, "the link and its end: there is one file"
    shown = stage.answers["exports.page"]
    stage.answers["exports.page"] = ExportPage(shown.panel, shown.exports[1:])
    assert "http-equiv" not in (await ann.get(HERE)).text


@pytest.mark.asvs("V7.5.1")
async def test_it_is_asked_for_with_the_password(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(HERE, HERE, {"password": "correct horse"})
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    assert stage.last("exports.ask") == {"password": "correct horse"}
    for told, status, words in (
        (Asked(asked=False), 422, 'id="password-wrong"'),
        (Asked(asked=False, wait=90), 429, 'id="password-wrong"'),
        (UnderWay(), 409, "being made already"),
        (TooManyTries("There were 3 within a day."), 429, "There were 3"),
    ):
        stage.answers["exports.ask"] = told
        answer = await ann.submit(HERE, HERE, {"password": "correct horse"})
        assert (answer.status_code, words in answer.text) == (status, True)
        assert "correct horse" not in answer.text


@pytest.mark.asvs("V14.2.1")
async def test_a_file_is_sent_in_parts_and_as_nothing_that_a_browser_runs(stage: Stage, ann: Visitor) -> None:
    answer = await ann.get(f"/settings/downloads/{id_of('e1')}")
    assert (answer.status_code, answer.content) == (200, b"PK-0PK-1")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-length"] == "8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="acme-2026')
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "no-store"
    assert [arguments["at"] for name, arguments, _ in stage.calls if name == "links.chunk"] == [0, 1]
    stage.answers["links.read"] = rpc.NotFound()
    assert (await ann.get(f"/settings/downloads/{id_of('e1')}")).status_code == 404


async def test_a_link_is_ended_by_a_button(stage: Stage, ann: Visitor) -> None:
    path = f"/settings/downloads/{id_of('e1')}/withdraw"
    assert (await ann.submit(HERE, path)).headers["location"] == HERE
    assert str(stage.last("links.withdraw")["download"]) == str(id_of("e1"))
    assert panel.PAGES["export"] == HERE


@pytest.mark.long
@pytest.mark.asyncio(loop_scope="module")
async def test_the_page_follows_by_itself_and_says_the_end(theatre: Theatre, windows: dict[str, Page]) -> None:
    page, shown = windows["ann"], theatre.stage.answers["exports.page"]
    await page.goto(theatre.address(HERE))
    await page.fill("#password", "half typed")
    await expect(page.locator("#exports")).to_contain_text("4,180 of 12,604")
    theatre.stage.answers["exports.page"] = ExportPage(shown.panel, shown.exports[1:])
    await expect(page.locator("#exports")).not_to_contain_text("4,180 of 12,604")
    await expect(page.locator("#told")).to_have_text(re.compile("^Until"))
    assert await page.input_value("#password") == "half typed"
    assert theatre.troubles == []
