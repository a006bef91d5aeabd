"""Saved views: kept, renamed, moved, forgotten."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import views
from seldesk.web.credential import call_of
from seldesk.web.desk.queue import FILTERS
from seldesk.web.form import Form
from seldesk.web.routes import id_of


async def save(request: Request, form: Form) -> Response:
    saved = await call_of(request).form(views.save, form.only(*FILTERS, "name", "shared"))
    return RedirectResponse(f"/desk/tickets?view={saved}", 303)


async def update(request: Request, form: Form) -> Response:
    saved = id_of(request)
    await call_of(request).form(views.update, form.only("name", "place"), saved=saved)
    return RedirectResponse(f"/desk/tickets?view={saved}", 303)


async def delete(request: Request, _: Form) -> Response:
    await call_of(request)(views.delete, id_of(request))
    return RedirectResponse("/desk/tickets", 303)
