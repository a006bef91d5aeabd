"""The queue, one ticket, and what an agent does with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import DifferentRequesters, NewerMessage
from seldesk.methods.desk import merges, tickets
from seldesk.methods.desk.shapes.tickets import Draft as KeptDraft
from seldesk.methods.desk.shapes.tickets import FileRow, Message, TicketPage
from seldesk.web.credential import call_of
from seldesk.web.desk import bulk, composer
from seldesk.web.desk.queue import viewed
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.once import once
from seldesk.web.render import page
from seldesk.web.routes import number_of, query_of

NOT_SENT = "You chose a note, so nothing was mailed. Press “Add note”, or choose Reply and send again."
OPENING = (
    *("subject", "body", "requester_email", "requester_name", "priority", "files"),
    *("written_by", "assignee", "team"),
)

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Merging:
    """What was typed as the ticket to merge into, and what is wrong with it, or has to be confirmed."""

    into: str = ""
    wrong: str = ""
    confirm: str = ""


NOT_MERGING = Merging()


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the composer, and what is wrong with it.

    began is the last message when it was begun; to and cc are as they were typed, None where nobody did.
    """

    note: bool = False
    body: str = ""
    wrong: str = ""
    newer: bool = False
    files: tuple[str, ...] = field(default=())
    began: str = ""
    seen: str = ""
    status: str = "waiting"
    to: str | None = None
    cc: str | None = None
    kept: Sequence[FileRow] = ()
    saved_at: datetime | None = None
    preview: str | None = None
    wrong_at: Mapping[str, str] = field(default_factory=dict)


async def home(_: Request) -> Response:
    return RedirectResponse("/desk/tickets", 303)


async def ticket(request: Request) -> Response:
    view = viewed(query_of(request, "view"))
    shown = await call_of(request).form(tickets.page, view, number=number_of(request))
    if shown.ticket.number != number_of(request):
        # It was merged. Only the view is kept: what follows # was a place in the other one.
        query = urlencode(view, doseq=True)
        return RedirectResponse(f"/desk/tickets/{shown.ticket.number}{query and '?'}{query}", 303)
    return _shown(request, shown, None, NOT_MERGING)


async def reply(request: Request, form: Form) -> Response:
    number = number_of(request)
    if form.text("as") == "note":
        return await _ticket_page(request, _draft(form, NOT_SENT), viewed(form.only("view")), status=422)
    try:
        fields = form.only("body", "seen", "status", "files", "kept")
        written = await once(request, form, tickets.reply, fields, number=number, **composer.addressed(form))
    except MENDABLE as error:
        return await _write_again(request, form, error)
    return composer.back(number, form, f"#message-{written.id}")


async def note(request: Request, form: Form) -> Response:
    number = number_of(request)
    try:
        written = await once(request, form, tickets.note, form.only("body", "files", "kept"), number=number)
    except MENDABLE as error:
        return await _write_again(request, form, error)
    return composer.back(number, form, f"#message-{written.id}")


async def preview(request: Request, form: Form) -> Response:
    """The page again, with what is written as the mail shows it."""
    html = await call_of(request)(tickets.preview, body=form.text("body")) if form.text("body") else ""
    return await _ticket_page(request, replace(_draft(form, ""), preview=html), viewed(form.only("view")))


async def with_text(request: Request, form: Form, text: str) -> Response:
    """The page again, with this behind what is written."""
    draft = replace(_draft(form, ""), body=_behind(form, text))
    return await _ticket_page(request, draft, viewed(form.only("view")))


async def blank_with_text(request: Request, form: Form, text: str) -> Response:
    """The page of a new ticket again, with this behind what is written."""
    return await _blank_page(request, {**_typed(form), "body": _behind(form, text)}, {})


async def update(request: Request, form: Form) -> Response:
    number = number_of(request)
    # In a form, nothing chosen is an empty text; to the method, nobody is null and an absent field stays as it is.
    nobody: dict[str, Any] = {name: None for name in ("assignee", "team") if form.fields.get(name) == [""]}
    fields = {name: values for name, values in _changes(form).items() if name not in nobody}
    changed = await call_of(request).form(tickets.update, fields, number=number, **nobody)
    return composer.to_list(form) if changed.gone else composer.back(number, form)


async def follow(request: Request, form: Form) -> Response:
    await call_of(request)(tickets.follow, number_of(request))
    return composer.back(number_of(request), form)


async def unfollow(request: Request, form: Form) -> Response:
    await call_of(request)(tickets.unfollow, number_of(request))
    return composer.back(number_of(request), form)


async def merge(request: Request, form: Form) -> Response:
    number, into = number_of(request), form.text("into").lstrip("# ").strip()
    fields: Mapping[str, Sequence[str | rpc.Upload]] = {"into": [into], **form.only("different_requesters")}
    try:
        merged = await call_of(request).form(merges.merge, fields, number=number)
    except DifferentRequesters as error:
        typed = Merging(into, confirm=words_of(error))
        return await _ticket_page(request, None, viewed(form.only("view")), typed, status=error.status)
    except MENDABLE as error:
        typed = Merging(into, wrong=" ".join(faults(error).values()))
        return await _ticket_page(request, None, viewed(form.only("view")), typed, status=error.status)
    return composer.back(merged.number, form)


async def unmerge(request: Request, form: Form) -> Response:
    number = number_of(request)
    await call_of(request)(merges.undo, number=number)
    return composer.back(number, form)


async def split(request: Request, form: Form) -> Response:
    made = await call_of(request).form(merges.split, form.only("message"), number=number_of(request))
    return composer.back(made.number, form)


async def blank(request: Request) -> Response:
    known = {name: request.query_params.get(name, "") for name in ("requester_email", "requester_name")}
    return await _blank_page(request, known, {})


async def open_ticket(request: Request, form: Form) -> Response:
    tags = form.text("tags").replace(",", " ").split()
    try:
        copied = composer.addressed(form) if form.text("written_by") == "agent" else {}
        written = await once(request, form, tickets.open, form.only(*OPENING), tags=tags, **copied)
    except MENDABLE as error:
        return await _blank_page(request, _typed(form), faults(error), status=error.status)
    return RedirectResponse(f"/desk/tickets/{written.number}", 303)


def _typed(form: Form) -> dict[str, str]:
    """What stands in the form of a new ticket."""
    return {name: form.text(name) for name in (*OPENING, "tags", "cc")}


def _behind(form: Form, text: str) -> str:
    return "\n\n".join(part for part in (form.text("body").rstrip(), text) if part)


def _changes(form: Form) -> Mapping[str, list[str | rpc.Upload]]:
    tags = {name: bulk.words(form.text(name)) for name in ("add_tags", "remove_tags") if form.text(name)}
    return {**form.only("status", "assignee", "team", "priority", "subject"), **tags}


async def _write_again(request: Request, form: Form, error: rpc.Error) -> Response:
    fields: Mapping[str, str] = getattr(error, "fields", {})
    beside = {name: words for name, words in fields.items() if name in composer.RECIPIENTS}
    wrong = words_of(error) if len(beside) < len(fields) or not fields else ""
    draft = _draft(form, wrong, newer=isinstance(error, NewerMessage), wrong_at=beside)
    return await _ticket_page(request, draft, viewed(form.only("view")), status=error.status)


def _draft(form: Form, wrong: str, *, newer: bool = False, wrong_at: Mapping[str, str] = NOTHING) -> Draft:
    return Draft(
        note=form.text("as") == "note",
        body=form.text("body"),
        wrong=wrong,
        newer=newer,
        files=tuple(file.name for file in form.files),
        began=form.text("began") or form.text("seen"),
        seen=form.text("seen"),
        status=form.text("status") or "waiting",
        to=composer.typed(form, "to"),
        cc=composer.typed(form, "cc"),
        wrong_at=wrong_at,
    )


def _since(messages: Sequence[Message], seen: str) -> Sequence[Message]:
    """Those after the one that was seen last; the newest when that is not known."""
    at = next((at for at, message in enumerate(messages) if str(message.id) == seen), len(messages) - 2)
    return messages[at + 1 :]


async def _ticket_page(
    request: Request,
    draft: Draft | None,
    view: Mapping[str, list[str | rpc.Upload]],
    merging: Merging = NOT_MERGING,
    *,
    status: int = 200,
) -> Response:
    """What was typed stays, also where the ticket was merged meanwhile: then it stands in the one it goes on in."""
    shown = await call_of(request).form(tickets.page, view, number=number_of(request))
    return _shown(request, shown, draft, merging, status=status)


def _shown(
    request: Request, shown: TicketPage, draft: Draft | None, merging: Merging, *, status: int = 200
) -> Response:
    timeline = sorted([*shown.messages, *shown.events], key=attrgetter("created_at", "id"))
    return page(
        request,
        "desk/tickets/ticket.html",
        status=status,
        desk=shown.desk,
        shown=shown,
        ticket=shown.ticket,
        timeline=timeline,
        newer=_since(shown.messages, draft.seen) if draft is not None and draft.newer else [],
        draft=_with_kept(draft, shown.draft),
        merging=merging,
    )


def _with_kept(typed: Draft | None, kept: KeptDraft | None) -> Draft:
    """What was typed in the form that came, else what is kept of this reader; its files in either case."""
    if typed is not None:
        return replace(typed, kept=kept.files if kept else ())
    if kept is None:
        return Draft()
    to, cc = (kept.sent_to, kept.cc) if kept.sent_to or kept.cc else (None, None)
    note = kept.kind == "note"
    return Draft(note=note, body=kept.text, to=to or None, cc=cc, kept=kept.files, saved_at=kept.saved_at)


async def _blank_page(
    request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], *, status: int = 200
) -> Response:
    shown = await call_of(request)(tickets.blank)
    return page(request, "desk/tickets/new.html", status=status, desk=shown.desk, shown=shown, typed=typed, wrong=wrong)
