"""Organisations: the list, one of them, and what an owner does with it."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import organisations as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of
from seldesk.web.settings.faults import faults

HOME = "/settings/organisations"


async def organisations(request: Request) -> Response:
    return await _list(request, "", {})


async def organisation(request: Request) -> Response:
    return await _one(request, None, {})


async def create(request: Request, form: Form) -> Response:
    try:
        made = await call_of(request).form(methods.create, form.only("name"))
    except MENDABLE as error:
        return await _list(request, form.text("name"), faults(error), status=error.status)
    return RedirectResponse(f"{HOME}/{made}", 303)


async def update(request: Request, form: Form) -> Response:
    # A form does not send a box that is not ticked.
    fixed: dict[str, Any] = {"shared": "shared" in form.fields, "domains": _words(form)}
    try:
        await call_of(request).form(methods.update, form.only("name"), organisation=id_of(request), **fixed)
    except MENDABLE as error:
        return await _one(request, form, faults(error), status=error.status)
    return RedirectResponse(f"{HOME}?done=saved", 303)


async def delete(request: Request, _: Form) -> Response:
    await call_of(request)(methods.delete, id_of(request))
    return RedirectResponse(f"{HOME}?done=deleted", 303)


def _words(form: Form) -> list[str]:
    return form.text("domains").replace(",", " ").split()


async def _list(request: Request, typed: str, wrong: Mapping[str, str], *, status: int = 200) -> Response:
    shown = await call_of(request).form(methods.page, query_of(request, "cursor"))
    return page(
        request,
        "settings/organisations/organisations.html",
        status=status,
        panel=shown.panel,
        organisations=shown.organisations,
        typed=typed,
        wrong=wrong,
    )


async def _one(request: Request, form: Form | None, wrong: Mapping[str, str], *, status: int = 200) -> Response:
    shown = await call_of(request)(methods.read, id_of(request))
    return page(
        request,
        "settings/organisations/organisation.html",
        status=status,
        panel=shown.panel,
        organisation=shown.organisation,
        people=shown.people,
        name=form.text("name") if form else shown.organisation.name,
        shared="shared" in form.fields if form else shown.organisation.shared,
        domains=form.text("domains") if form else " ".join(domain.name for domain in shown.organisation.domains),
        wrong=wrong,
    )
