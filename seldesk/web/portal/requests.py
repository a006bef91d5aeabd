"""Tickets as their requester works them, signed in or by the link in a mail."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import profile, requests
from seldesk.web.credential import REQUEST, SESSION, call_of, drop_cookie, set_cookie
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.once import once
from seldesk.web.render import page
from seldesk.web.routes import number_of, query_of
from seldesk.web.visit import visit_of


async def home(request: Request) -> Response:
    listed = None
    if visit_of(request).kind is rpc.Kind.PERSON:
        listed = await call_of(request).form(requests.list, query_of(request, "whose", "cursor"))
    return page(request, "portal/home.html", requests=listed, whose=request.query_params.get("whose", "mine"))


async def blank(request: Request) -> Response:
    return await _blank_page(request, {}, {})


async def zone(request: Request) -> Response:
    return await _zone_page(request, {})


async def move(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(profile.move, form.only("zone"))
    except rpc.Invalid as error:
        return await _zone_page(request, error.fields, status=error.status)
    return RedirectResponse("/", 303)


async def create(request: Request, form: Form) -> Response:
    try:
        written = await once(request, form, requests.create, form.only("subject", "body", "files"))
    except MENDABLE as error:
        typed = {name: form.text(name) for name in ("subject", "body")}
        again = [file.name for file in form.files]
        wrong = faults(error)
        return await _blank_page(request, typed, wrong, again, status=error.status)
    return RedirectResponse(f"/tickets/{written.number}", 303)


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
        written = await once(request, form, requests.answer, form.only("body", "files"), number=number)
    except MENDABLE as error:
        return await _page(request, form, words_of(error), status=error.status)
    if written.number != number and visit_of(request).kind is rpc.Kind.LINK:
        # The new one is not the link's; the old one's page names it.
        return RedirectResponse(f"/tickets/{number}", 303)
    return RedirectResponse(f"/tickets/{written.number}#message-{written.id}", 303)


async def close(request: Request, _: Form) -> Response:
    number = number_of(request)
    await call_of(request)(requests.close, number)
    return RedirectResponse(f"/tickets/{number}", 303)


async def reopen(request: Request, _: Form) -> Response:
    number = number_of(request)
    await call_of(request)(requests.reopen, number)
    return RedirectResponse(f"/tickets/{number}", 303)


async def sign_out(request: Request, _: Form) -> Response:
    response = RedirectResponse("/", 303)
    with suppress(rpc.Unauthenticated):  # Then it was over already.
        await call_of(request)(requests.sign_out)
    drop_cookie(request, response, SESSION if visit_of(request).kind is rpc.Kind.PERSON else REQUEST)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


async def _blank_page(
    request: Request,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    again: Sequence[str] = (),
    *,
    status: int = 200,
) -> Response:
    me = await call_of(request)(requests.blank)
    return page(request, "portal/new.html", status=status, me=me, typed=typed, wrong=wrong, again=again)


async def _zone_page(request: Request, wrong: Mapping[str, str], *, status: int = 200) -> Response:
    me = await call_of(request)(requests.blank)
    return page(request, "portal/zone.html", status=status, me=me, wrong=wrong)


async def _page(request: Request, typed: Form | None = None, wrong: str = "", *, status: int = 200) -> Response:
    shown = await call_of(request)(requests.read, number_of(request))
    if shown.number != number_of(request) and typed is None:
        return RedirectResponse(f"/tickets/{shown.number}", 303)
    return page(
        request,
        "portal/ticket.html",
        status=status,
        ticket=shown,
        zone=shown.zone,
        body=typed.text("body") if typed else "",
        again=[file.name for file in typed.files] if typed else [],
        wrong=wrong,
    )
