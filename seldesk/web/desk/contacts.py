from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import contacts
from seldesk.web.credential import call_of
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of


async def contact(request: Request) -> Response:
    person = id_of(request)
    shown = await call_of(request).form(contacts.page, query_of(request, "cursor"), person=person)
    return page(
        request,
        "desk/contact.html",
        desk=shown.desk,
        contact=shown.contact,
        tickets=shown.tickets,
        organisations=shown.organisations,
    )


async def place(request: Request, form: Form) -> Response:
    person = id_of(request)
    # In a form, none is an empty text.
    none: dict[str, Any] = {} if form.text("organisation") else {"organisation": None}
    await call_of(request).form(contacts.place, {} if none else form.only("organisation"), person=person, **none)
    return RedirectResponse(f"/desk/people/{person}", 303)


async def rename(request: Request, form: Form) -> Response:
    person = id_of(request)
    await call_of(request).form(contacts.rename, form.only("name"), person=person)
    return RedirectResponse(f"/desk/people/{person}", 303)
