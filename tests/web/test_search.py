from dataclasses import replace

import pytest

import rpc
from seldesk.methods.desk.shapes.desk import Hits, Piece, SearchPage
from seldesk.models.desk.finding import SearchTooWide
from tests.web import story
from tests.web.stage import Stage
from tests.web.visitor import Visitor


async def test_the_search_page_asks_for_what_its_address_says(stage: Stage, ann: Visitor) -> None:
    answer = await ann.get("/desk/search?query=%22red+light%22+-x&cursor=abc&utm_source=mail")
    assert answer.status_code == 200
    assert [call[:2] for call in stage.calls] == [("search.page", {"query": '"red light" -x', "cursor": "abc"})]
    assert 'value="&#34;red light&#34; -x"' in answer.text
    assert "query=%22red%20light%22%20-x&amp;cursor=next-page" in answer.text
    assert "Newest" in answer.text


async def test_what_was_found_is_marked_and_shows_as_text(stage: Stage, ann: Visitor) -> None:
    pieces = [Piece("<script>alert(", False), Piece("<b>1", True), Piece(")</script>", False)]
    hit = replace(story.hits()[1], subject=pieces, snippet=pieces)
    stage.answers["search.page"] = SearchPage(story.desk(), "1", Hits([hit], None))
    answer = await ann.get("/desk/search?query=1")
    assert answer.text.count("&lt;script&gt;alert(<mark>&lt;b&gt;1</mark>)&lt;/script&gt;") == 2
    assert f'href="/desk/tickets/{hit.number}?view=all"' in answer.text
    assert "Note</span>" in answer.text
    assert 'rel="next"' not in answer.text


@pytest.mark.parametrize(
    ("error", "says"),
    [(rpc.Invalid(fields={"query": "There is no word in this."}), "There is no word"), (SearchTooWide(), "too long")],
)
async def test_what_cannot_be_looked_for_stands_in_the_box_again(
    stage: Stage, ann: Visitor, error: rpc.Error, says: str
) -> None:
    blank = SearchPage(story.desk(), "", None)

    def answer(asked: dict[str, object]) -> SearchPage:
        if asked:
            raise error
        return blank

    stage.answers["search.page"] = answer
    shown = await ann.get("/desk/search?query=%3Cx%3E")
    assert shown.status_code == error.status
    assert says in shown.text
    assert 'value="&lt;x&gt;" autofocus aria-invalid="true"' in shown.text


async def test_a_stale_cursor_is_no_fault_of_the_words(stage: Stage, ann: Visitor) -> None:
    stage.answers["search.page"] = rpc.Invalid(fields={"cursor": "This is no cursor."})
    assert (await ann.get("/desk/search?query=x&cursor=y")).status_code == 422
    assert stage.called == ["search.page"]


@pytest.mark.parametrize("query", ["query=a&query=b", f"query={'x' * 7000}", "query=%00", "query=%FF", "query="])
async def test_no_address_breaks_it(stage: Stage, ann: Visitor, query: str) -> None:
    assert (await ann.get(f"/desk/search?{query}")).status_code in (200, 422)


async def test_nothing_found_says_what_to_try(stage: Stage, ann: Visitor) -> None:
    stage.answers["search.page"] = SearchPage(story.desk(), "x", Hits([], None))
    page = (await ann.get("/desk/search?query=x")).text
    assert "Nothing was found." in page
    assert "assignee:me" in page


@pytest.mark.parametrize("path", ["/desk/tickets", "/desk/tickets/4821", "/desk/tickets/new"])
async def test_the_box_is_on_every_page_of_the_desk(ann: Visitor, path: str) -> None:
    assert 'action="/desk/search"' in (await ann.get(path)).text
