"""Organisations: the list, one of them, and what an owner does with it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import organisations as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of

HOME = "/settings/organisations"


async def organisations(request: Request) -> Response:
    return await _list(request)


async def organisation(request: Request) -> Response:
    return await _one(request)


async def create(request: Request, form: Form) -> Response:
    try:
        made = await call_of(request).form(methods.create, form.only("name"))
    except MENDABLE as error:
        return await _list(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}/{made}", 303)


async def update(request: Request, form: Form) -> Response:
    # A form does not send a box that is not ticked.
    fixed: dict[str, Any] = {"shared": "shared" in form.fields, "domains": _words(form)}
    try:
        await call_of(request).form(methods.update, form.only("name"), organisation=id_of(request), **fixed)
    except MENDABLE as error:
        return await _one(request, Filled.refused(error, form))
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def delete(request: Request, _: Form) -> Response:
    await call_of(request)(methods.delete, id_of(request))
    return RedirectResponse(f"{HOME}?done=deleted", 303)


def _words(form: Form) -> list[str]:
    return form.text("domains").replace(",", " ").split()


async def _list(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request).form(methods.page, query_of(request, "cursor"))
    return page(
        request,
        "settings/organisations/organisations.html",
        **filled.said,
        panel=shown.panel,
        organisations=shown.organisations,
        typed=filled.text("name"),
    )


async def _one(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(methods.read, id_of(request))
    return page(
        request,
        "settings/organisations/organisation.html",
        **filled.said,
        panel=shown.panel,
        organisation=shown.organisation,
        people=shown.people,
        name=filled.text("name", shown.organisation.name),
        shared="shared" in filled.form.fields if filled.form else shown.organisation.shared,
        domains=filled.text("domains", " ".join(domain.name for domain in shown.organisation.domains)),
    )
