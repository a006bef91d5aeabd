"""Tags: the list, renaming and removing."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import tags as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.form import Form
from seldesk.web.render import page

HOME = "/settings/tags"


async def tags(request: Request) -> Response:
    return await _list(request)


async def rename(request: Request, form: Form) -> Response:
    return await _change(request, methods.rename, form, "tag", "name")


async def remove(request: Request, form: Form) -> Response:
    return await _change(request, methods.remove, form, "tag")


async def _change(request: Request, method: rpc.Method[..., int], form: Form, *names: str) -> Response:
    try:
        await call_of(request).form(method, form.only(*names))
    except MENDABLE as error:
        wrong = "A tag is one word of at most 50 characters." if isinstance(error, rpc.Invalid) else words_of(error)
        return await _list(request, wrong, form, status=error.status)
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def _list(request: Request, wrong: str = "", form: Form | None = None, *, status: int = 200) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/tags/tags.html",
        status=status,
        panel=shown.panel,
        tags=shown.tags,
        # Whose row it is that was refused, and what was typed there.
        at=form.text("tag") if form else "",
        typed=form.text("name") if form else "",
        wrong=wrong,
    )
