"""What helps while a reply or a note is written."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import drafts, people, tickets
from seldesk.web.credential import call_of
from seldesk.web.desk.queue import IDENTIFIER
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, number_of
from seldesk.web.visit import visit_of

RECIPIENTS = ("to", "cc")
_IN_ANGLES = re.compile(r"<([^<>]*)>")


async def suggestions(request: Request) -> Response:
    """Options for a field in which somebody's address is typed."""
    found = await call_of(request)(people.suggest, query=request.query_params.get("query", ""))
    return page(request, "desk/parts/people.html", people=found)


async def keep(request: Request, form: Form) -> Response:
    """Keep what is written. A script asks for no page in return."""
    number = number_of(request)
    if form.text("quiet") and visit_of(request).acting is not None:  # the draft is the person's own
        return Response(status_code=204)
    fields = form.only("body", "to", "cc", "seen")
    kind = "note" if form.text("as") == "note" else "message"
    await call_of(request).form(drafts.keep, fields, number=number, kind=kind)
    return Response(status_code=204) if form.text("quiet") else back(number, form)


async def preview(request: Request, form: Form) -> Response:
    """What a script puts in the text's place."""
    html = await call_of(request)(tickets.preview, body=form.text("body")) if form.text("body") else ""
    return page(request, "desk/tickets/parts/preview.html", preview=html)


async def take_back(request: Request, form: Form) -> Response:
    number = number_of(request)
    await call_of(request)(tickets.take_back, number=number, message=id_of(request))
    return back(number, form)


def back(number: int, form: Form, anchor: str = "") -> Response:
    return RedirectResponse(f"/desk/tickets/{number}{_viewed(form)}{anchor}", 303)


def to_list(form: Form) -> Response:
    return RedirectResponse(f"/desk/tickets{_viewed(form)}", 303)


def _viewed(form: Form) -> str:
    view = form.text("view")
    return f"?view={view}" if (view.isalpha() and len(view) < 20) or IDENTIFIER.fullmatch(view) else ""


def addressed(form: Form) -> dict[str, Any]:
    """Who the form names, as lists: an empty field names nobody, one that is not there says nothing."""
    return {name: _addresses(text) for name in RECIPIENTS if (text := typed(form, name)) is not None}


def typed(form: Form, name: str) -> str | None:
    """The field and what was ticked below it."""
    values = [value for value in form.fields.get(name, []) if isinstance(value, str) and value.strip()]
    return ", ".join(values) if name in form.fields else None


def _addresses(text: str) -> list[str]:
    """As people write them: with commas, semicolons or lines between them, and perhaps with names."""
    parts = [part.strip() for part in re.split(r"[,;\n]", text)]
    return [found[1].strip() if (found := _IN_ANGLES.search(part)) else part for part in parts if part]
