"""A saved reply, put into what is being written."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

import rpc
from seldesk.methods.desk import saved_replies
from seldesk.web.credential import call_of
from seldesk.web.desk import tickets
from seldesk.web.form import Form
from seldesk.web.routes import number_of


async def insert(request: Request, form: Form) -> Response:
    """A script asks for the text alone, and puts it where the cursor stands."""
    if not form.text("insert"):
        return await tickets.with_text(request, form, "")
    text = await call_of(request).form(saved_replies.fill, {"reply": [form.text("insert")]}, number=number_of(request))
    return PlainTextResponse(text) if form.text("quiet") else await tickets.with_text(request, form, text)


async def insert_new(request: Request, form: Form) -> Response:
    """The same for a ticket that is not there yet, with the name that is typed or known."""
    if not form.text("insert"):
        return await tickets.blank_with_text(request, form, "")
    named = form.only("requester_email", "requester_name")
    reply: Mapping[str, Sequence[str | rpc.Upload]] = {"reply": [form.text("insert")]}
    text = await call_of(request).form(saved_replies.fill_new, {**named, **reply})
    return PlainTextResponse(text) if form.text("quiet") else await tickets.blank_with_text(request, form, text)
