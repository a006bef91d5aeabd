"""Mailboxes: the list, one mailbox, and its signature."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import mailboxes as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of

HOME = "/settings/mailboxes"
FIELDS = ("address", "name")


async def mailboxes(request: Request) -> Response:
    return await _list(request)


async def mailbox(request: Request) -> Response:
    return await _mailbox(request, sent="sent" in request.query_params)


async def add(request: Request, form: Form) -> Response:
    try:
        made = await call_of(request).form(methods.add, form.only(*FIELDS))
    except MENDABLE as error:
        return await _list(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}/{made}", 303)


async def update(request: Request, form: Form) -> Response:
    # An empty field stands for no argument elsewhere; here it takes the signature away.
    fixed: dict[str, Any] = {"mailbox": id_of(request), "signature": form.text("signature")}
    try:
        await call_of(request).form(methods.update, form.only("name", "reopens_for"), **fixed)
    except MENDABLE as error:
        return await _mailbox(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def delete(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.delete, form.only("instead"), mailbox=id_of(request))
    except MENDABLE as error:
        return await _mailbox(request, Filled.refused(error))
    return RedirectResponse(f"{HOME}?done=deleted", 303)


async def send_test(request: Request, _: Form) -> Response:
    await call_of(request)(methods.send_test, id_of(request))
    return RedirectResponse(f"{HOME}/{id_of(request)}?sent", 303)


async def _list(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/mailboxes/mailboxes.html",
        **filled.said,
        panel=shown.panel,
        domain=shown.domain,
        mailboxes=shown.mailboxes,
        typed={name: filled.text(name) for name in FIELDS},
    )


async def _mailbox(request: Request, filled: Filled = BLANK, *, sent: bool = False) -> Response:
    shown = await call_of(request)(methods.read, id_of(request))
    return page(
        request,
        "settings/mailboxes/mailbox.html",
        **filled.said,
        panel=shown.panel,
        mailbox=shown.mailbox,
        others=shown.others,
        typed={name: filled.text(name, getattr(shown.mailbox, name)) for name in ("name", "signature", "reopens_for")},
        sent=sent,
    )
