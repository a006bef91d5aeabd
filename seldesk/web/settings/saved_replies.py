"""Saved replies: the list, one of them, and its end."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import saved_replies as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of

HOME = "/settings/saved-replies"
FIELDS = ("name", "text")


async def replies(request: Request) -> Response:
    return await _list(request)


async def reply(request: Request) -> Response:
    return await _one(request)


async def create(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.create, form.only(*FIELDS))
    except MENDABLE as error:
        return await _list(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def update(request: Request, form: Form) -> Response:
    try:
        # An empty field stands for no argument elsewhere; here it is one that is wrong.
        await call_of(request).form(methods.update, {}, reply=id_of(request), **{one: form.text(one) for one in FIELDS})
    except MENDABLE as error:
        return await _one(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def delete(request: Request, _: Form) -> Response:
    await call_of(request)(methods.delete, id_of(request))
    return RedirectResponse(f"{HOME}?done=deleted", 303)


async def _list(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/saved_replies/replies.html",
        **filled.said,
        panel=shown.panel,
        replies=shown.replies,
        typed={name: filled.text(name) for name in FIELDS},
    )


async def _one(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.read, id_of(request))
    return page(
        request,
        "settings/saved_replies/reply.html",
        **filled.said,
        panel=shown.panel,
        reply=shown.reply,
        typed={name: filled.text(name, getattr(shown.reply, name)) for name in FIELDS},
    )
