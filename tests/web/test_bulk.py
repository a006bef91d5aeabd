from dataclasses import replace
from datetime import date

import pytest

import rpc
from tests.web import story
from tests.web.stage import Stage
from tests.web.visitor import Visitor

QUEUE = "/desk/tickets?view=all&status=open"


async def test_the_ticked_tickets_are_changed_and_the_list_comes_again(stage: Stage, ann: Visitor) -> None:
    typed = {
        "numbers": ["4821", "4820"],
        "status": "solved",
        "assignee": str(story.BO.id),
        "priority": "",
        "add_tags": "late, billing",
        "back": "view=all&status=open&evil=1",
    }
    answer = await ann.submit(QUEUE, "/desk/changes", typed)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/tickets?view=all&status=open&bulk={story.id_of('bulk')}"
    assert stage.last("tickets.update_many") == {
        "numbers": [4821, 4820],
        "status": "solved",
        "assignee": story.BO.id,
        "add_tags": ["late", "billing"],
    }


async def test_a_bulk_can_take_tickets_from_their_assignees(stage: Stage, ann: Visitor) -> None:
    await ann.submit(QUEUE, "/desk/changes", {"numbers": "4821", "assignee": "none"})
    assert stage.last("tickets.update_many") == {"numbers": [4821], "assignee": None}


@pytest.mark.parametrize("typed", [{"numbers": "4821"}, {"status": "open"}, {"numbers": "x", "status": "open"}])
async def test_a_bulk_without_tickets_or_changes_is_told_so(stage: Stage, ann: Visitor, typed: dict[str, str]) -> None:
    answer = await ann.submit(QUEUE, "/desk/changes", typed)
    assert answer.status_code == 422
    assert "tickets.update_many" not in stage.called


async def test_the_notice_tells_the_results_and_leads_back(stage: Stage, ann: Visitor) -> None:
    text = (await ann.get(f"{QUEUE}&bulk={story.id_of('bulk')}")).text
    assert stage.last("tickets.queue") == {"view": "all", "status": "open", "bulk": story.id_of("bulk")}
    assert "1 ticket changed, 1 already as wanted, 1 not." in text
    assert "A ticket has 50 tags at most." in text
    assert f'action="/desk/changes/{story.id_of("bulk")}/undo"' in text
    answer = await ann.submit(QUEUE, f"/desk/changes/{story.id_of('bulk')}/undo", {"back": "view=all"})
    assert answer.headers["location"] == f"/desk/tickets?view=all&bulk={story.id_of('undone')}"
    assert stage.last("tickets.undo") == {"bulk": story.id_of("bulk")}


async def test_spam_and_deleted_tickets_are_put_away_and_restored(stage: Stage, ann: Visitor) -> None:
    for chosen, removed in (("spam", "spam"), ("deleted", "deleted"), ("none", None)):
        await ann.submit("/desk/tickets/4821", "/desk/changes", {"numbers": "4821", "removed": chosen})
        assert stage.last("tickets.update_many") == {"numbers": [4821], "removed": removed}
    page = stage.answers["tickets.page"]
    stage.answers["tickets.page"] = lambda asked: replace(page(asked), ticket=story.ticket(removed="spam"))
    text = (await ann.get("/desk/tickets/4821")).text
    assert "This ticket is spam. Restore it to answer." in text
    assert "<textarea" not in text


async def test_enter_in_a_field_of_the_bulk_deletes_nothing(ann: Visitor) -> None:
    text = (await ann.get(QUEUE)).text
    form = text[text.index('id="bulk"') :]
    first = form[form.index("<button") : form.index("</button>")]
    assert first.endswith(">Change"), "a browser presses the first button"


async def test_unread_tickets_are_told_from_others(ann: Visitor) -> None:
    text = (await ann.get("/desk/tickets")).text
    assert text.count('class="row unread"') == text.count("Unread. ") == 2


async def test_what_cannot_be_undone_has_a_page(stage: Stage, ann: Visitor) -> None:
    stage.answers["tickets.undo"] = rpc.NotFound()
    assert (await ann.submit(QUEUE, f"/desk/changes/{story.id_of('bulk')}/undo")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"remove_tags": "billing"}, {"remove_tags": ["billing"]}),
        ({"add_tags": "late, api"}, {"add_tags": ["late", "api"]}),
        ({"subject": "Invoice 2026-1184"}, {"subject": "Invoice 2026-1184"}),
    ],
)
async def test_tags_and_subject_are_edited_beside_the_ticket(
    stage: Stage, ann: Visitor, typed: dict[str, str], asked: dict[str, object]
) -> None:
    page = "/desk/tickets/4821"
    text = (await ann.get(page)).text
    assert 'name="remove_tags" value="billing"' in text
    assert '<option value="hardware">' in text
    answer = await ann.submit(page, page, typed)
    assert answer.status_code == 303
    assert stage.last("tickets.update") == {"number": 4821, **asked}


async def test_what_is_filtered_stands_in_the_address(stage: Stage, ann: Visitor) -> None:
    asked = f"view=all&status=open&assignee={story.BO.id}&tag=api&requester=a%40b.example"
    asked += "&channel=mail&created_from=2026-11-01&created_until=2026-11-30&sort=priority"
    text = (await ann.get(f"/desk/tickets?{asked}")).text
    assert stage.last("tickets.queue") == {
        "view": "all",
        "status": "open",
        "assignee": story.BO.id,
        "tag": "api",
        "requester": "a@b.example",
        "channel": "mail",
        "created_from": date(2026, 11, 1),
        "created_until": date(2026, 11, 30),
        "sort": "priority",
    }
    assert f"/desk/tickets?{asked.replace('&', '&amp;')}&amp;cursor=next-page" in text
    assert f'name="back" value="{asked.replace("&", "&amp;")}"' in text
    assert 'value="priority" selected' in text
    assert 'name="requester" type="email" value="a@b.example"' in text


async def test_an_empty_filter_is_none(stage: Stage, ann: Visitor) -> None:
    answer = await ann.get("/desk/tickets?view=open&status=&assignee=&tag=&requester=&created_from=&sort=updated")
    assert stage.last("tickets.queue") == {"view": "open", "sort": "updated"}
    assert "?view=open&amp;cursor=next-page" in answer.text
    assert "Clear" not in answer.text
