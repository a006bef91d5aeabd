import re
from dataclasses import replace
from datetime import timedelta

import pytest

import rpc
from seldesk.errors import NewerMessage, TicketClosed
from seldesk.methods.desk.shapes.tickets import Draft, FileRow
from seldesk.models.desk.taking_back import TooLateToUndo
from tests.web import story
from tests.web.stage import Stage, empty
from tests.web.visitor import FROM_OUR_PAGE, Visitor

TICKET = "/desk/tickets/4821"


async def test_the_queue_asks_for_what_its_address_says(stage: Stage, ann: Visitor) -> None:
    answer = await ann.get("/desk/tickets?view=all&status=waiting&cursor=abc&utm_source=mail")
    assert answer.status_code == 200
    assert stage.calls == [("tickets.queue", {"view": "all", "status": "waiting", "cursor": "abc"}, stage.calls[0][2])]
    assert "?view=all&amp;status=waiting&amp;cursor=next-page" in answer.text


@pytest.mark.parametrize("query", ["view=secret", "status=deleted", "view=open&view=all"])
async def test_a_queue_that_does_not_exist_is_told_so(stage: Stage, ann: Visitor, query: str) -> None:
    assert (await ann.get(f"/desk/tickets?{query}")).status_code == 422
    assert stage.calls == []


async def test_an_empty_queue_says_what_to_do(stage: Stage, ann: Visitor) -> None:
    stage.answers |= empty()
    assert "Take one that nobody has" in (await ann.get("/desk/tickets?view=mine")).text
    assert "open a ticket" in (await ann.get("/desk/tickets?view=all")).text


async def test_one_call_makes_a_ticket_page(stage: Stage, ann: Visitor) -> None:
    answer = await ann.get(f"{TICKET}?view=mine")
    assert stage.called == ["tickets.page"]
    told = ["opened this ticket", "added billing", "Internal note", "Not delivered: 550 mailbox full"]
    told += ["to Waiting", "gave it to Ann Berg", "letterhead.png"]
    order = [answer.text.index(text) for text in told]
    assert order == sorted(order), "messages and events stand in one line of time"
    assert "Sender not verified" in answer.text


async def test_what_staff_of_the_operator_did_is_marked(stage: Stage, ann: Visitor) -> None:
    usual = stage.answers["tickets.page"]
    said, done = replace(story.messages()[2], by_staff=True), replace(story.events()[2], by_staff=True)
    stage.answers["tickets.page"] = lambda asked: replace(usual(asked), messages=[said], events=[done])
    page = (await ann.get(TICKET)).text
    assert page.count("By staff of the operator") == page.count("(by staff of the operator)") == 1


async def test_quoted_text_is_folded(ann: Visitor) -> None:
    page = (await ann.get(TICKET)).text
    folded = page[page.index('<details class="quoted">') :]
    assert "Your invoice for November is attached." in folded[: folded.index("</details>")]
    assert "Your invoice for November is attached." not in page[: page.index('<details class="quoted">')]


@pytest.mark.parametrize(
    "number", ["0", "-1", "07", "abc", "2147483648", "9" * 5000, "1.0", "%31%30%30%30%30%30%30%30%30%30%30"]
)
async def test_a_number_that_no_ticket_has_is_not_found(stage: Stage, ann: Visitor, number: str) -> None:
    assert (await ann.get(f"/desk/tickets/{number}")).status_code == 404
    assert stage.calls == []


async def test_a_reply_is_sent_and_leads_to_itself(stage: Stage, ann: Visitor) -> None:
    seen = str(story.id_of("m4"))
    typed = {"body": "Hello", "seen": seen, "status": "solved", "as": "reply", "view": "mine"}
    answer = await ann.submit(TICKET, f"{TICKET}/replies", typed)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{TICKET}?view=mine#message-{story.id_of('reply')}"
    name, asked, _ = stage.calls[-1]
    assert name == "tickets.reply"
    assert asked == {"number": 4821, "body": "Hello", "seen": story.id_of("m4"), "status": "solved"}


async def test_a_note_is_never_mailed_by_the_wrong_button(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(TICKET, f"{TICKET}/replies", {"body": "He is difficult", "as": "note"})
    assert answer.status_code == 422
    assert "nothing was mailed" in answer.text
    assert "He is difficult</textarea>" in answer.text
    assert "tickets.reply" not in stage.called


async def test_a_note_is_added(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(TICKET, f"{TICKET}/notes", {"body": "Hm", "as": "note", "seen": "x", "status": "solved"})
    assert answer.status_code == 303
    assert stage.calls[-1][:2] == ("tickets.note", {"number": 4821, "body": "Hm"})


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (NewerMessage(), "Another message came in"),
        (TicketClosed(), "This ticket is closed"),
        (rpc.Invalid(fields={"body": "Too much of it."}), "Too much of it."),
        (rpc.TooLarge("A file is larger than 25 MB."), "larger than 25 MB"),
        (rpc.Unavailable(), "cannot be done right now"),
    ],
)
@pytest.mark.parametrize("way", ["replies", "notes"])
async def test_what_could_not_be_sent_is_still_in_the_composer(
    stage: Stage, ann: Visitor, error: rpc.Error, says: str, way: str
) -> None:
    stage.answers |= {"tickets.reply": error, "tickets.note": error}
    typed = {"body": "An hour's <work>", "as": "reply" if way == "replies" else "note", "view": "mine"}
    files = [("files", ("offer.pdf", b"%PDF", "application/pdf"))]
    answer = await ann.submit(TICKET, f"{TICKET}/{way}", typed, files=files)
    assert answer.status_code == error.status
    assert "An hour&#39;s &lt;work&gt;</textarea>" in answer.text
    assert says in answer.text
    assert 'autofocus aria-invalid="true"' in answer.text
    assert "Choose your files again: offer.pdf." in answer.text
    assert f'id="as-{"reply" if way == "replies" else "note"}" checked' in answer.text
    assert answer.headers["hx-push-url"] == "false"
    assert stage.calls[-1][1]["view"] == "mine"


async def test_an_empty_reply_is_told_before_anything_is_asked(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit(TICKET, f"{TICKET}/replies", {"body": ""})
    assert answer.status_code == 422
    assert "tickets.reply" not in stage.called


async def test_after_a_newer_message_sending_again_sends(stage: Stage, ann: Visitor) -> None:
    stage.answers["tickets.reply"] = NewerMessage()
    answer = await ann.submit(TICKET, f"{TICKET}/replies", {"body": "Hi", "seen": str(story.id_of("m2"))})
    assert f'name="seen" value="{story.id_of("m4")}"' in answer.text
    assert f'href="#message-{story.id_of("m4")}"' in answer.text


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"status": "solved"}, {"status": "solved"}),
        ({"priority": "high"}, {"priority": "high"}),
        ({"assignee": str(story.BO.id)}, {"assignee": story.BO.id}),
        ({"assignee": ""}, {"assignee": None}),
        ({}, {}),
    ],
)
async def test_a_change_names_only_what_was_chosen(
    stage: Stage, ann: Visitor, typed: dict[str, str], asked: dict[str, object]
) -> None:
    answer = await ann.submit(TICKET, TICKET, typed | {"view": "mine"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TICKET}?view=mine")
    assert stage.calls[-1][:2] == ("tickets.update", {"number": 4821, **asked})


@pytest.mark.parametrize("view", ["//evil.example", "x&y=z", "a\r\nb", "x" * 500])
async def test_the_way_back_is_ours_alone(ann: Visitor, view: str) -> None:
    answer = await ann.submit(TICKET, TICKET, {"status": "open", "view": view})
    assert answer.headers["location"] == TICKET


async def test_a_ticket_is_opened(stage: Stage, ann: Visitor) -> None:
    typed = {"subject": "Call", "body": "She called", "requester_email": "c@x.example", "tags": "phone, billing"}
    answer = await ann.submit("/desk/tickets/new", "/desk/tickets", typed | {"requester_name": "", "priority": "high"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets/4830")
    assert stage.calls[-1][1] == {
        "subject": "Call",
        "body": "She called",
        "requester_email": "c@x.example",
        "priority": "high",
        "tags": ["phone", "billing"],
    }


async def test_a_ticket_that_cannot_be_opened_keeps_what_was_typed(stage: Stage, ann: Visitor) -> None:
    stage.answers["tickets.open"] = rpc.Invalid(fields={"requester_email": "This is no address."})
    typed = {"subject": 'A "quote"', "body": "Text", "requester_email": "nobody", "tags": "a b", "priority": "urgent"}
    answer = await ann.submit("/desk/tickets/new", "/desk/tickets", typed)
    assert answer.status_code == 422
    for kept in ("A &#34;quote&#34;", "Text</textarea>", 'value="nobody"', 'value="a b"', 'value="urgent" selected'):
        assert kept in answer.text
    assert 'aria-invalid="true" aria-describedby="requester_email-wrong"' in answer.text


async def test_a_ticket_is_opened_by_a_letter(stage: Stage, ann: Visitor) -> None:
    typed = {"subject": "Order", "body": "Late", "requester_email": "c@x.example", "cc": "a@x.example; B <b@x.example>"}
    for way in ("agent", "requester"):
        await ann.submit("/desk/tickets/new", "/desk/tickets", typed | {"written_by": way, "assignee": ""})
    by_letter, by_phone = (asked for name, asked, _ in stage.calls if name == "tickets.open")
    assert (by_letter["written_by"], by_letter["cc"]) == ("agent", ["a@x.example", "b@x.example"])
    assert "cc" not in by_phone, "the field is not shown then"


async def test_a_reply_goes_to_whom_the_form_names(stage: Stage, ann: Visitor) -> None:
    page = (await ann.get(TICKET)).text
    assert 'type="checkbox" name="cc" value="accounts@haddad-logistics.example"' in page
    typed = {"body": "Hi", "as": "reply", "to": "c@x.example", "cc": ["", "d@x.example"]}
    await ann.submit(TICKET, f"{TICKET}/replies", typed)
    assert stage.last("tickets.reply") == {"number": 4821, "body": "Hi", "to": ["c@x.example"], "cc": ["d@x.example"]}
    stage.answers["tickets.reply"] = rpc.Invalid(fields={"cc": "<d> is no address."})
    answer = await ann.submit(TICKET, f"{TICKET}/replies", typed | {"cc": "<d>"})
    assert answer.status_code == 422
    assert re.search(r'value="&lt;d&gt;"[^>]*aria-invalid="true" aria-describedby="(cc-[^"]*-wrong)"', answer.text)
    assert "&lt;d&gt; is no address." in answer.text
    assert "Hi</textarea>" in answer.text


async def test_a_draft_is_kept_quietly_or_by_a_button_and_stands_in_the_composer_again(
    stage: Stage, ann: Visitor
) -> None:
    typed = {"body": "Half <done>", "as": "note", "cc": "", "to": "c@x.example", "view": "mine"}
    assert (await ann.submit(TICKET, f"{TICKET}/draft", typed | {"quiet": "1"})).status_code == 204
    assert stage.last("drafts.keep") == {"number": 4821, "body": "Half <done>", "kind": "note", "to": "c@x.example"}
    answer = await ann.submit(TICKET, f"{TICKET}/draft", typed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TICKET}?view=mine")
    file = FileRow(story.id_of("kept"), "plan.pdf", "application/pdf", 12)
    draft = Draft("note", "Half <done>", "c@x.example", "d@x.example", story.NOW, [file])
    page = stage.answers["tickets.page"]
    stage.answers["tickets.page"] = lambda asked: replace(page(asked), draft=draft)
    text = (await ann.get(TICKET)).text
    for kept in ("Half &lt;done&gt;</textarea>", 'id="as-note" checked', 'value="d@x.example"', "Draft kept"):
        assert kept in text
    assert f'name="kept" value="{file.id}" checked' in text
    await ann.submit(TICKET, f"{TICKET}/notes", {"body": "Done", "kept": str(file.id)})
    assert stage.last("tickets.note") == {"number": 4821, "body": "Done", "kept": [file.id]}


async def test_a_reply_is_taken_back_while_it_waits(stage: Stage, ann: Visitor) -> None:
    page = stage.answers["tickets.page"]
    undo = f"{TICKET}/replies/{story.id_of('m5')}/undo"
    for left, offered in ((8, True), (0, False)):
        until = story.NOW + timedelta(seconds=left)
        sent = story.message("m5", side="agent", delivery="queued", markdown="<p>Hi</p>", undo_until=until)
        stage.answers["tickets.page"] = lambda asked, sent=sent: replace(page(asked), messages=[sent])
        text = (await ann.get(TICKET)).text
        assert (f'action="{undo}"' in text, "On its way" in text) == (offered, not offered)
    answer = await ann.submit(TICKET, undo, {"view": "mine"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TICKET}?view=mine")
    assert stage.last("tickets.take_back") == {"number": 4821, "message": story.id_of("m5")}
    stage.answers["tickets.take_back"] = TooLateToUndo()
    answer = await ann.submit(TICKET, undo)
    assert answer.status_code == 409
    assert "has left already" in answer.text


async def test_what_is_written_is_shown_as_the_mail_shows_it(stage: Stage, ann: Visitor) -> None:
    text = "**Bold** <script>alert(1)</script>"
    fragment = await ann.submit(TICKET, "/desk/preview", {"body": text})
    page = await ann.submit(TICKET, f"{TICKET}/preview", {"body": text, "as": "note"})
    for answer in (fragment, page):
        assert answer.status_code == 200
        assert "<strong>Bold</strong> &lt;script&gt;" in answer.text
    assert "**Bold** &lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in page.text
    assert "<html" not in fragment.text
    assert "Nothing is written yet" in (await ann.submit(TICKET, "/desk/preview")).text


async def test_the_source_of_a_mail_is_text_and_a_download(ann: Visitor) -> None:
    page = (await ann.get(TICKET)).text
    address = f"/desk/messages/{story.id_of('m1')}/source"
    assert f'href="{address}"' in page
    assert str(story.id_of("m3")) + "/source" not in page, "what was written here was no mail"
    shown = await ann.get(address)
    assert "Subject: &#34;&gt;&lt;svg onload=alert(1)&gt;" in shown.text
    assert "It opened the ticket" in shown.text
    raw = await ann.get(address.replace("/source", "/raw"))
    assert raw.text == story.RAW
    assert raw.headers["content-type"] == "application/octet-stream"
    assert raw.headers["content-disposition"].startswith("attachment;")


async def test_people_are_suggested_as_options(stage: Stage, ann: Visitor) -> None:
    answer = await ann.get("/desk/people?query=om")
    assert '<option value="omar@haddad-logistics.example" label="Omar Haddad">' in answer.text
    assert stage.calls[-1][:2] == ("people.suggest", {"query": "om"})


@pytest.mark.parametrize(
    ("error", "status"),
    [(rpc.NotFound(), 404), (rpc.Forbidden(), 403), (rpc.MethodNotFound(), 404), (rpc.Unavailable(), 503)],
)
async def test_what_is_not_to_be_mended_has_a_page(stage: Stage, ann: Visitor, error: rpc.Error, status: int) -> None:
    stage.answers["tickets.page"] = error
    answer = await ann.get(TICKET)
    assert answer.status_code == status
    assert str(error) in answer.text
    assert answer.headers.get("retry-after") == ("5" if status == 503 else None)


@pytest.mark.asvs("V16.5.1")
async def test_the_unexpected_shows_an_id_and_nothing_else(stage: Stage, ann: Visitor) -> None:
    stage.answers["tickets.page"] = ZeroDivisionError("select secret from passwords")
    answer = await ann.get(TICKET)
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "secret" not in answer.text
    assert "ZeroDivisionError" not in answer.text


@pytest.mark.parametrize("error", [ZeroDivisionError(), rpc.NotFound(), rpc.Unauthenticated(), rpc.Unavailable()])
async def test_no_error_loses_what_was_written(stage: Stage, ann: Visitor, error: Exception) -> None:
    token = await ann.form_token(TICKET)
    stage.answers |= {"tickets.reply": error, "tickets.page": error}
    typed = {"body": "An hour's <work>", "form_token": token}
    answer = await ann.post(f"{TICKET}/replies", data=typed, headers=FROM_OUR_PAGE)
    assert answer.status_code in (401, 404, 500, 503)
    assert "An hour&#39;s &lt;work&gt;</textarea>" in answer.text
    old = await ann.post(f"{TICKET}/replies", data=typed | {"form_token": "old"}, headers=FROM_OUR_PAGE)
    assert old.status_code == 403
    assert "An hour&#39;s &lt;work&gt;</textarea>" in old.text


async def test_a_form_that_fails_in_a_swap_leaves_the_page_as_it_is(stage: Stage, ann: Visitor) -> None:
    stage.answers["tickets.reply"] = ZeroDivisionError()
    headers = FROM_OUR_PAGE | {"HX-Request": "true"}
    answer = await ann.submit(TICKET, f"{TICKET}/replies", {"body": "Hello"}, headers=headers)
    assert answer.status_code == 500
    assert (answer.headers["hx-retarget"], answer.headers["hx-reselect"]) == ("#notice", "#problem")


async def test_a_closed_ticket_takes_notes_only(stage: Stage, ann: Visitor) -> None:
    page = stage.answers["tickets.page"]
    stage.answers["tickets.page"] = lambda asked: replace(page(asked), ticket=story.ticket(status="closed"))
    text = (await ann.get(TICKET)).text
    assert "Send, solve" not in text
    assert "Add note" in text


async def test_a_mail_that_was_read_at_last_leads_to_its_ticket(stage: Stage, ann: Visitor) -> None:
    retry = f"/settings/mail-failures/{story.id_of('f1')}/retry"
    answer = await ann.submit("/settings/mail-failures", retry)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets/4831")
    assert stage.calls[-1][:2] == ("mails.retry", {"mail": story.id_of("f1")})
