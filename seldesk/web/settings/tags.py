"""Tags: the list, renaming and removing."""

from collections.abc import Mapping

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
    return await _change(request, methods.rename, form.only("tag", "name"))


async def remove(request: Request, form: Form) -> Response:
    return await _change(request, methods.remove, form.only("tag"))


async def _change(
    request: Request, method: rpc.Method[..., int], fields: Mapping[str, list[str | rpc.Upload]]
) -> Response:
    try:
        await call_of(request).form(method, fields)
    except MENDABLE as error:
        wrong = "A tag is one word of at most 50 characters." if isinstance(error, rpc.Invalid) else words_of(error)
        return await _list(request, wrong, status=error.status)
    return RedirectResponse(HOME, 303)


async def _list(request: Request, wrong: str = "", *, status: int = 200) -> Response:
    shown = await call_of(request)(methods.page)
    return page(request, "settings/tags/tags.html", status=status, panel=shown.panel, tags=shown.tags, wrong=wrong)
