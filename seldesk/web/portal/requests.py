"""A ticket as its requester works it, by the link in a mail."""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import requests
from seldesk.web.credential import REQUEST, call_of, drop_cookie, set_cookie
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import number_of


async def home(request: Request) -> Response:
    return page(request, "portal/home.html")


async def open_link(request: Request) -> Response:
    opened = await call_of(request)(requests.open, request.path_params["token"])
    response = RedirectResponse(f"/tickets/{opened.number}", 303)
    set_cookie(request, response, REQUEST, opened.token)
    return response


async def ticket(request: Request) -> Response:
    return await _page(request)


async def answer(request: Request, form: Form) -> Response:
    number = number_of(request)
    try:
        written = await call_of(request).form(requests.answer, form.only("body", "files"), number=number)
    except MENDABLE as error:
        return await _page(request, form, words_of(error), status=error.status)
    return RedirectResponse(f"/tickets/{number}#message-{written.id}", 303)


async def close(request: Request, _: Form) -> Response:
    number = number_of(request)
    await call_of(request)(requests.close, number)
    return RedirectResponse(f"/tickets/{number}", 303)


async def sign_out(request: Request, _: Form) -> Response:
    response = RedirectResponse("/", 303)
    with suppress(rpc.Unauthenticated):  # Then it was over already.
        await call_of(request)(requests.sign_out)
    drop_cookie(request, response, REQUEST)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


async def _page(request: Request, typed: Form | None = None, wrong: str = "", *, status: int = 200) -> Response:
    shown = await call_of(request)(requests.read, number_of(request))
    return page(
        request,
        "portal/ticket.html",
        status=status,
        ticket=shown,
        body=typed.text("body") if typed else "",
        again=[file.name for file in typed.files] if typed else [],
        wrong=wrong,
    )
