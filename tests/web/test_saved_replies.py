"""Saved replies: written in the settings, put into what an agent writes."""

from dataclasses import replace

from seldesk.models.desk.saved_reply import SavedReplyKnown
from tests.web import reply_pages
from tests.web.stage import Stage, answers
from tests.web.visitor import Visitor

THERE = "/settings/saved-replies"
ONE = reply_pages.PAGES["saved-reply"]
TICKET = "/desk/tickets/4821"


async def test_a_saved_reply_is_made_changed_and_deleted(stage: Stage, ann: Visitor) -> None:
    fields = {"name": "Refund", "text": "Dear {requester},\r\nwe pay it back."}
    answer = await ann.submit(THERE, THERE, fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{THERE}?done=saved")
    assert stage.last("saved_replies.create") == {"name": "Refund", "text": "Dear {requester},\nwe pay it back."}
    assert "Saved." in (await ann.get(f"{THERE}?done=saved")).text
    await ann.submit(ONE, ONE, fields)
    assert stage.last("saved_replies.update")["name"] == "Refund"
    assert (await ann.submit(ONE, f"{ONE}/delete")).headers["location"] == f"{THERE}?done=deleted"


async def test_what_was_typed_stays_when_a_saved_reply_is_refused(stage: Stage, ann: Visitor) -> None:
    stage.answers |= {"saved_replies.create": SavedReplyKnown(), "saved_replies.update": SavedReplyKnown()}
    for there in (THERE, ONE):
        answer = await ann.submit(there, there, {"name": "Refund", "text": "Typed with care"})
        assert answer.status_code == 409
        assert str(SavedReplyKnown()) in answer.text
        assert ">Typed with care</textarea>" in answer.text
    empty = await ann.submit(ONE, ONE, {"name": "Refund", "text": ""})
    assert empty.status_code == 422
    assert 'id="text-wrong"' in empty.text


async def test_without_a_script_the_text_comes_behind_what_is_written(stage: Stage, ann: Visitor) -> None:
    text = (await ann.get(TICKET)).text
    assert all(f">{name}</option>" in text for name in reply_pages.NAMES)
    reply = reply_pages.names()[0].id
    typed = {"insert": str(reply), "body": "Hello!", "as": "note", "view": "open"}
    answer = await ann.submit(TICKET, f"{TICKET}/saved-reply", typed)
    assert answer.status_code == 200
    assert ">Hello!\n\nHello Omar Haddad,\n\nplease pull the plug.</textarea>" in answer.text
    assert 'id="as-note" checked' in answer.text
    assert stage.last("saved_replies.fill") == {"number": 4821, "reply": reply}
    none = await ann.submit(TICKET, f"{TICKET}/saved-reply", typed | {"insert": ""})
    assert ">Hello!</textarea>" in none.text


async def test_where_there_are_none_nothing_is_offered(stage: Stage, ann: Visitor) -> None:
    shown = answers()["tickets.page"]({"number": 4821})
    stage.answers["tickets.page"] = replace(shown, saved_replies=[])
    assert "saved reply" not in (await ann.get(TICKET)).text.partition("<dialog")[0].lower()


async def test_a_new_ticket_takes_one_too_with_what_is_typed_of_its_requester(stage: Stage, ann: Visitor) -> None:
    there, reply = "/desk/tickets/new", reply_pages.names()[0].id
    page = (await ann.get(there)).text
    assert all(f">{name}</option>" in page for name in reply_pages.NAMES)
    assert f'data-inserts="{there}/saved-reply"' in page
    typed = {"insert": str(reply), "body": "Hello!", "written_by": "agent", "subject": "Broken", "cc": "x@y.example"}
    typed |= {"requester_email": "omar@haddad.example", "requester_name": "Omar"}
    answer = await ann.submit(there, f"{there}/saved-reply", typed)
    assert answer.status_code == 200
    assert ">Hello!\n\nHello Omar Haddad,\n\nplease pull the plug.</textarea>" in answer.text
    assert all(f'value="{typed[name]}"' in answer.text for name in ("subject", "cc", "requester_email"))
    named = {"requester_email": "omar@haddad.example", "requester_name": "Omar"}
    assert stage.last("saved_replies.fill_new") == {"reply": reply, **named}
    none = await ann.submit(there, f"{there}/saved-reply", typed | {"insert": ""})
    assert ">Hello!</textarea>" in none.text
    quiet = await ann.submit(there, f"{there}/saved-reply", typed | {"quiet": "1"})
    assert quiet.text == "Hello Omar Haddad,\n\nplease pull the plug."
    stage.answers["tickets.blank"] = replace(stage.answers["tickets.blank"], saved_replies=[])
    assert "saved reply" not in (await ann.get(there)).text.partition("<dialog")[0].lower()
