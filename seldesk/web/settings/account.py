"""Where the data lies, and how a helpdesk is paused and closed."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import account as methods
from seldesk.methods.desk import plans
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.visit import visit_of

HERE = "/settings/account"


async def account(request: Request) -> Response:
    return await _page(request)


async def pause(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.pause, form.only("reason"))
    except MENDABLE as error:
        return await _page(request, Filled.refused(error, form))
    return RedirectResponse(HERE, 303)


async def resume(request: Request, _: Form) -> Response:
    try:
        await call_of(request)(methods.resume)
    except MENDABLE as error:
        return await _page(request, Filled.refused(error))
    return RedirectResponse(HERE, 303)


async def choose_plan(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(plans.choose, form.only("plan"))
    except MENDABLE as error:
        return await _page(request, Filled.refused(error))
    return RedirectResponse(f"{HERE}#plan", 303)


async def terminate(request: Request, form: Form) -> Response:
    """The page after it is the last one that this session sees."""
    try:
        ended = await call_of(request).form(methods.terminate, form.only("name", "password", "erasing"))
    except MENDABLE as error:
        return await _page(request, Filled.refused(error, form))
    if ended.erased_at is None:
        return await _page(request, Filled.wrong_password(ended.wait, form))
    # From here on the page speaks of a customer that is not suspended, but gone.
    visit_of(request).customer = None
    at_once = form.text("erasing") == "at once"
    return page(request, "settings/account/ended.html", erased_at=ended.erased_at, at_once=at_once)


async def _page(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.page)
    return page(
        request,
        "settings/account/account.html",
        **filled.said,
        panel=shown.panel,
        shown=shown,
        typed={name: filled.text(name) for name in ("reason", "name", "erasing")},
    )
