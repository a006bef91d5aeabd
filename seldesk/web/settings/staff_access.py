"""Whether the operator's staff may come into this helpdesk, and what they did here."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import staff_access as methods
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of, query_of

HERE = "/settings/staff-access"
SPANS = {"hour": "1 hour", "day": "1 day", "week": "1 week"}
GRANTS = {"owner": "turned on by", "emergency": "without an owner, in an emergency", "authority": "for an authority"}
STATES = {
    "open": ("On", "waiting"),
    "asked": ("Asked for", "new"),
    "over": ("Over", "solved"),
    "revoked": ("Off", "solved"),
}
SCOPES = {"read": "to read", "write": "to read and write"}
ENDS = {
    "stopped": "ended by them",
    "idle": "ended, as nothing was done",
    "over": "ended with its time",
    "grant": "ended, as access was turned off or ran out",
    "staff": "ended with their session or account",
    "subject": "ended, as that person is not active any more",
    "unused": "never used",
}
# What a method that staff may call does, as an owner would say it.
CALLS = {
    "attachments.link": "opened a file",
    "contacts.page": "looked at a person",
    "mailboxes.list": "looked at the mailboxes",
    "mailboxes.page": "looked at the mailboxes",
    "mailboxes.read": "looked at a mailbox",
    "mails.failures": "looked at mail that could not be read",
    "messages.body": "read a mail",
    "messages.raw": "fetched a mail as it came",
    "messages.source": "looked where a mail came from",
    "organisations.list": "looked at the organisations",
    "organisations.page": "looked at the organisations",
    "organisations.read": "looked at an organisation",
    "palette.find": "looked something up",
    "people.suggest": "looked up an address",
    "requests.answer": "answered a request",
    "requests.blank": "opened the form for a request",
    "requests.close": "closed a request",
    "requests.create": "made a request",
    "requests.list": "looked at the requests",
    "requests.read": "read a request",
    "requests.reopen": "opened a request again",
    "saved_replies.fill": "put a saved reply into an answer",
    "saved_replies.fill_new": "put a saved reply into a new ticket",
    "saved_replies.list": "looked at the saved replies",
    "saved_replies.page": "looked at the saved replies",
    "saved_replies.read": "looked at a saved reply",
    "search.page": "searched",
    "staff_access.stop": "ended the access",
    "tags.list": "looked at the tags",
    "tags.page": "looked at the tags",
    "teams.list": "looked at the teams",
    "teams.names": "looked at the teams",
    "teams.page": "looked at the teams",
    "teams.read": "looked at a team",
    "tickets.agents": "looked who answers tickets",
    "tickets.blank": "opened the form for a ticket",
    "tickets.follow": "followed a ticket",
    "tickets.list": "looked at a list of tickets",
    "tickets.note": "noted something in a ticket",
    "tickets.open": "opened a ticket",
    "tickets.page": "read a ticket",
    "tickets.preview": "looked how an answer would read",
    "tickets.queue": "looked at the queue",
    "tickets.read": "read a ticket",
    "tickets.reply": "replied in a ticket",
    "tickets.search": "searched",
    "tickets.unfollow": "followed a ticket no more",
    "tickets.update": "changed a ticket",
    "views.list": "looked at the views",
}


async def access(request: Request) -> Response:
    return await _page(request, "")


async def turn_on(request: Request, form: Form) -> Response:
    try:
        await call_of(request).form(methods.turn_on, form.only("span"))
    except MENDABLE as error:
        return await _page(request, " ".join(faults(error).values()), error.status)
    return RedirectResponse(HERE, 303)


async def turn_off(request: Request, _: Form) -> Response:
    await call_of(request)(methods.turn_off)
    return RedirectResponse(HERE, 303)


async def visit(request: Request) -> Response:
    shown = await call_of(request).form(methods.read, query_of(request, "cursor"), access=id_of(request))
    return page(
        request,
        "settings/staff_access/visit.html",
        panel=shown.panel,
        shown=shown,
        CALLS=CALLS,
        ENDS=ENDS,
        GRANTS=GRANTS,
        SCOPES=SCOPES,
    )


async def _page(request: Request, wrong: str, status: int = 200) -> Response:
    fields: Any = query_of(request, "cursor") if request.method == "GET" else {}
    shown = await call_of(request).form(methods.page, fields)
    return page(
        request,
        "settings/staff_access/access.html",
        status=status,
        panel=shown.panel,
        shown=shown,
        opened=next((one for one in shown.grants if one.state == "open"), None),
        running=[one for one in shown.visits if one.running],
        wrong=wrong,
        SPANS=SPANS,
        STATES=STATES,
        GRANTS=GRANTS,
        SCOPES=SCOPES,
        ENDS=ENDS,
    )
