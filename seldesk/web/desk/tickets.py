"""The queue, one ticket, and what an agent does with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import NewerMessage
from seldesk.methods.desk import tickets
from seldesk.web.credential import call_of
from seldesk.web.desk import bulk
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import number_of, query_of

NOT_SENT = "You chose a note, so nothing was mailed. Press “Add note”, or choose Reply and send again."


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the composer, and what is wrong with it."""

    note: bool = False
    body: str = ""
    wrong: str = ""
    newer: bool = False
    files: tuple[str, ...] = field(default=())


async def home(_: Request) -> Response:
    return RedirectResponse("/desk/tickets", 303)


async def ticket(request: Request) -> Response:
    return await _ticket_page(request, Draft(), query_of(request, "view"))


async def reply(request: Request, form: Form) -> Response:
    number = number_of(request)
    if form.text("as") == "note":
        return await _ticket_page(request, _draft(form, NOT_SENT), form.only("view"), status=422)
    try:
        fields = form.only("body", "seen", "status", "files")
        written = await call_of(request).form(tickets.reply, fields, number=number)
    except MENDABLE as error:
        return await _write_again(request, form, error)
    return _back(number, form, f"#message-{written.id}")


async def note(request: Request, form: Form) -> Response:
    number = number_of(request)
    try:
        written = await call_of(request).form(tickets.note, form.only("body", "files"), number=number)
    except MENDABLE as error:
        return await _write_again(request, form, error)
    return _back(number, form, f"#message-{written.id}")


async def update(request: Request, form: Form) -> Response:
    number = number_of(request)
    # In a form, nothing chosen is an empty text; to the method, nobody is null and an absent field stays as it is.
    nobody: dict[str, Any] = {name: None for name in ("assignee", "team") if form.fields.get(name) == [""]}
    fields = {name: values for name, values in _changes(form).items() if name not in nobody}
    await call_of(request).form(tickets.update, fields, number=number, **nobody)
    return _back(number, form)


async def follow(request: Request, form: Form) -> Response:
    await call_of(request)(tickets.follow, number_of(request))
    return _back(number_of(request), form)


async def unfollow(request: Request, form: Form) -> Response:
    await call_of(request)(tickets.unfollow, number_of(request))
    return _back(number_of(request), form)


async def blank(request: Request) -> Response:
    return await _blank_page(request, {}, {})


async def open_ticket(request: Request, form: Form) -> Response:
    names = ("subject", "body", "requester_email", "requester_name", "priority", "files")
    tags = form.text("tags").replace(",", " ").split()
    try:
        written = await call_of(request).form(tickets.open, form.only(*names), tags=tags)
    except MENDABLE as error:
        wrong = getattr(error, "fields", {}) or {"": str(error)}
        typed = {name: form.text(name) for name in (*names, "tags")}
        return await _blank_page(request, typed, wrong, status=error.status)
    return RedirectResponse(f"/desk/tickets/{written.number}", 303)


def _changes(form: Form) -> Mapping[str, list[str | rpc.Upload]]:
    tags = {name: bulk.words(form.text(name)) for name in ("add_tags", "remove_tags") if form.text(name)}
    return {**form.only("status", "assignee", "team", "priority", "subject"), **tags}


def _back(number: int, form: Form, anchor: str = "") -> Response:
    view = form.text("view")
    known = view if view.isalpha() and len(view) < 20 else ""
    return RedirectResponse(f"/desk/tickets/{number}{f'?view={known}' if known else ''}{anchor}", 303)


async def _write_again(request: Request, form: Form, error: rpc.Error) -> Response:
    draft = _draft(form, words_of(error), newer=isinstance(error, NewerMessage))
    return await _ticket_page(request, draft, form.only("view"), status=error.status)


def _draft(form: Form, wrong: str, *, newer: bool = False) -> Draft:
    names = tuple(file.name for file in form.files)
    return Draft(form.text("as") == "note", form.text("body"), wrong, newer, names)


async def _ticket_page(
    request: Request, draft: Draft, view: Mapping[str, list[str | rpc.Upload]], *, status: int = 200
) -> Response:
    shown = await call_of(request).form(tickets.page, view, number=number_of(request))
    timeline = sorted([*shown.messages, *shown.events], key=attrgetter("created_at", "id"))
    return page(
        request,
        "desk/tickets/ticket.html",
        status=status,
        desk=shown.desk,
        shown=shown,
        ticket=shown.ticket,
        timeline=timeline,
        draft=draft,
    )


async def _blank_page(
    request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], *, status: int = 200
) -> Response:
    shown = await call_of(request)(tickets.blank)
    return page(request, "desk/tickets/new.html", status=status, desk=shown.desk, typed=typed, wrong=wrong)
