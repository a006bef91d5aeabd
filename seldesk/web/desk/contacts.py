from starlette.requests import Request
from starlette.responses import Response

from seldesk.methods.desk import contacts
from seldesk.web.credential import call_of
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of


async def contact(request: Request) -> Response:
    person = id_of(request)
    shown = await call_of(request).form(contacts.page, query_of(request, "cursor"), person=person)
    return page(request, "desk/contact.html", desk=shown.desk, contact=shown.contact, tickets=shown.tickets)
