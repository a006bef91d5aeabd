"""Mail that a restore held back: what it is, and what an owner decides of it."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import unsent as methods
from seldesk.web.credential import call_of
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of

HERE = "/settings/backups/unsent"
KINDS = {
    "reply": "A reply",
    "confirmation": "A confirmation that a mail came in",
    "notification": "A notification",
    "digest": "A notification of several tickets",
    "invitation": "An invitation",
    "test": "A test mail",
    "sign_in": "A link to sign in",
    "password": "A link to a new password",
    "closed": "A notice that the helpdesk was closed",
    "erased_soon": "A notice that the helpdesk is erased soon",
    "plan": "A notice about the plan",
    "download": "A notice of a download",
}


async def unsent(request: Request) -> Response:
    shown = await call_of(request).form(methods.page, query_of(request, "cursor"))
    return page(request, "settings/backups/unsent.html", panel=shown.panel, shown=shown, UNSENT=KINDS)


async def send(request: Request, _: Form) -> Response:
    await call_of(request)(methods.send, mail=id_of(request))
    return RedirectResponse(HERE, 303)


async def drop(request: Request, _: Form) -> Response:
    await call_of(request)(methods.drop, mail=id_of(request))
    return RedirectResponse(HERE, 303)
