"""What requesters may ask of their own data. It becomes a request of theirs, which an owner sees to."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import requests
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.form import Form
from seldesk.web.once import once
from seldesk.web.render import page

WISHES = {
    "copy": ("A copy of my data", "Please send me a copy of all that you know of me."),
    "erasure": ("Erase my data", "Please erase all that you know of me, and close my account."),
}


async def data(request: Request) -> Response:
    return await _page(request)


async def ask(request: Request, form: Form) -> Response:
    if form.text("wish") not in WISHES:
        raise rpc.InvalidRequest
    subject, body = WISHES[form.text("wish")]
    try:
        written = await once(request, form, requests.create, {}, subject=subject, body=body)
    except MENDABLE as error:
        return await _page(request, words_of(error), status=error.status)
    return RedirectResponse(f"/tickets/{written.number}", 303)


async def _page(request: Request, wrong: str = "", *, status: int = 200) -> Response:
    me = await call_of(request)(requests.blank)
    return page(request, "portal/data.html", status=status, me=me, wrong=wrong)
