"""Mails that could not be read. Nothing is lost: they are kept as they came."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import mails
from seldesk.web.credential import call_of
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of


async def failures(request: Request) -> Response:
    shown = await call_of(request).form(mails.failures, query_of(request, "cursor"))
    return page(request, "settings/mail_failures.html", panel=shown.desk, failures=shown)


async def retry(request: Request, _: Form) -> Response:
    mail = id_of(request)
    received = await call_of(request)(mails.retry, mail)
    if received.ticket is not None:
        return RedirectResponse(f"/desk/tickets/{received.ticket}", 303)
    return RedirectResponse(f"/settings/mail-failures#mail-{mail}", 303)
