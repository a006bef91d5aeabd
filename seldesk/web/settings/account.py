"""Where the data lies, and how a helpdesk is paused and closed."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import account as methods
from seldesk.methods.desk import plans
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.refusals import WRONG_PASSWORD, refusal
from seldesk.web.render import page
from seldesk.web.settings.faults import faults
from seldesk.web.visit import visit_of

HERE = "/settings/account"


async def account(request: Request) -> Response:
    return await _page(request, {}, {})


async def pause(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.pause, form.only("reason"))
    except MENDABLE as error:
        return await _page(request, {"reason": form.text("reason")}, faults(error), status=error.status)
    return RedirectResponse(HERE, 303)


async def resume(request: Request, _: Form) -> Response:
    try:
        await call_of(request)(methods.resume)
    except MENDABLE as error:
        return await _page(request, {}, faults(error), status=error.status)
    return RedirectResponse(HERE, 303)


async def choose_plan(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(plans.choose, form.only("plan"))
    except MENDABLE as error:
        return await _page(request, {}, faults(error), status=error.status)
    return RedirectResponse(f"{HERE}#plan", 303)


async def terminate(request: Request, form: Form) -> Response:
    """The page after it is the last one that this session sees."""
    typed = {"name": form.text("name"), "erasing": form.text("erasing")}
    try:
        ended = await call_of(request).form(methods.terminate, form.only("name", "password", "erasing"))
    except MENDABLE as error:
        return await _page(request, typed, faults(error), status=error.status)
    if ended.erased_at is None:
        status, words, headers = refusal(ended.wait, WRONG_PASSWORD)
        return await _page(request, typed, {"password": words}, status=status, headers=headers)
    # From here on the page speaks of a customer that is not suspended, but gone.
    visit_of(request).customer = None
    at_once = form.text("erasing") == "at once"
    return page(request, "settings/account/ended.html", erased_at=ended.erased_at, at_once=at_once)


async def _page(
    request: Request,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/account/account.html",
        status=status,
        headers=headers,
        panel=shown.panel,
        shown=shown,
        typed=typed,
        wrong=wrong,
    )
