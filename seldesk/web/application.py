"""The web edge, put together: which host answers what, and what every request passes on its way."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

from starlette.routing import Route, Router, request_response
from starlette.types import ASGIApp

import rpc
import rpc.http
from rpc import Kind
from seldesk.addresses import Addresses
from seldesk.resources import folder
from seldesk.web import access, attachments, branding
from seldesk.web.account import factors, proving, second_step
from seldesk.web.acting import UnderAccess
from seldesk.web.compress import Compress
from seldesk.web.console.routes import CONSOLE
from seldesk.web.credential import rpc_credential
from seldesk.web.csrf import SameOrigin
from seldesk.web.desk import (
    bulk,
    composer,
    contacts,
    live,
    messages,
    palette,
    profile,
    queue,
    saved_replies,
    search,
    sign_in,
    tickets,
    views,
)
from seldesk.web.errors import Errors
from seldesk.web.headers import Arrival
from seldesk.web.live import Hub
from seldesk.web.portal import account, data, passwords, requests
from seldesk.web.proxies import Proxies
from seldesk.web.render import environment
from seldesk.web.routes import get, post
from seldesk.web.settings import mail_failures, returning, welcome
from seldesk.web.settings.panel import PANEL
from seldesk.web.site import home, probes, sign_up, status
from seldesk.web.static import Static
from seldesk.web.tenant import Doors, coming
from seldesk.web.visit import Directory, Edge

REQUESTERS = (Kind.PERSON, Kind.LINK)
DESK = [
    get("/desk", tickets.home, Kind.PERSON),
    get("/desk/tickets", queue.queue, Kind.PERSON),
    post("/desk/tickets", tickets.open_ticket, Kind.PERSON, files=True),
    get("/desk/tickets/new", tickets.blank, Kind.PERSON),
    post("/desk/changes", bulk.change, Kind.PERSON),
    post("/desk/changes/{id}/undo", bulk.undo, Kind.PERSON),
    get("/desk/tickets/{number}", tickets.ticket, Kind.PERSON),
    post("/desk/tickets/{number}", tickets.update, Kind.PERSON),
    post("/desk/tickets/{number}/replies", tickets.reply, Kind.PERSON, files=True),
    post("/desk/tickets/{number}/notes", tickets.note, Kind.PERSON, files=True),
    post("/desk/views", views.save, Kind.PERSON),
    post("/desk/views/{id}", views.update, Kind.PERSON),
    post("/desk/views/{id}/delete", views.delete, Kind.PERSON),
    get("/desk/palette", palette.found, Kind.PERSON),
    get("/desk/people/{id}", contacts.contact, Kind.PERSON),
    post("/desk/tickets/{number}/draft", composer.keep, Kind.PERSON, files=True),
    post("/desk/tickets/{number}/replies/{id}/undo", composer.take_back, Kind.PERSON),
    get("/desk/people", composer.suggestions, Kind.PERSON),
    post("/desk/tickets/{number}/follow", tickets.follow, Kind.PERSON),
    post("/desk/tickets/{number}/unfollow", tickets.unfollow, Kind.PERSON),
    post("/desk/tickets/{number}/merge", tickets.merge, Kind.PERSON),
    post("/desk/tickets/{number}/unmerge", tickets.unmerge, Kind.PERSON),
    post("/desk/tickets/{number}/split", tickets.split, Kind.PERSON),
    post("/desk/people/{id}", contacts.place, Kind.PERSON),
    post("/desk/people/{id}/name", contacts.rename, Kind.PERSON),
    post("/desk/tickets/new/saved-reply", saved_replies.insert_new, Kind.PERSON, files=True),
    post("/desk/tickets/{number}/saved-reply", saved_replies.insert, Kind.PERSON, files=True),
    get("/desk/search", search.found, Kind.PERSON),
    get("/desk/messages/{id}/body", messages.body, Kind.PERSON),
    get("/desk/messages/{id}/source", messages.source, Kind.PERSON),
    get("/desk/messages/{id}/raw", messages.raw, Kind.PERSON),
    post("/desk/preview", composer.preview, Kind.PERSON),
    post("/desk/tickets/{number}/preview", tickets.preview, Kind.PERSON, files=True),
    get("/desk/attachments/{id}", attachments.link, Kind.PERSON),
    get("/desk/profile", profile.page_of_profile, Kind.PERSON),
    post("/desk/profile", profile.rename, Kind.PERSON),
    post("/desk/profile/zone", profile.move, Kind.PERSON),
    post("/desk/profile/notices", profile.choose_notices, Kind.PERSON),
    post("/desk/profile/password", profile.change_password, Kind.PERSON),
    post("/desk/profile/sessions/{id}/end", profile.end_session, Kind.PERSON),
    get("/desk/sign-in", sign_in.form),
    post("/desk/sign-in", sign_in.sign_in),
    post("/desk/sign-out", sign_in.sign_out, Kind.PERSON),
    get("/live", live.stream, Kind.PERSON),
    get("/desk/arrivals", live.arrivals, Kind.PERSON),
    post("/desk/tickets/{number}/presence", live.attend, Kind.PERSON),
]
PORTAL = [
    get("/", requests.home, Kind.PERSON, Kind.ANONYMOUS),
    get("/link/{token}", requests.open_link),
    get("/tickets/{number}", requests.ticket, *REQUESTERS),
    post("/tickets/{number}/answers", requests.answer, *REQUESTERS, files=True),
    post("/tickets/{number}/close", requests.close, *REQUESTERS),
    post("/tickets/{number}/reopen", requests.reopen, *REQUESTERS),
    get("/requests/new", requests.blank, Kind.PERSON),
    post("/requests", requests.create, Kind.PERSON, files=True),
    get("/zone", requests.zone, Kind.PERSON),
    post("/zone", requests.move, Kind.PERSON),
    get("/data", data.data, Kind.PERSON),
    post("/data", data.ask, Kind.PERSON),
    post("/sign-out", requests.sign_out, *REQUESTERS),
    get("/attachments/{id}", attachments.link, Kind.LINK, Kind.PERSON),
]
# Kept by browsers, and no pages: what they say of themselves is their own.
BRAND = [get("/brand/logo/{logo}", branding.logo), get("/brand/{version}.css", branding.sheet)]
# Anybody's, and all answer alike whether they know who asks or not.
ACCOUNT = [
    get("/sign-in/factor", second_step.in_time(second_step.step)),
    post("/sign-in/factor", second_step.in_time(second_step.by_code)),
    post("/sign-in/factor/passkey", second_step.in_time(second_step.by_passkey)),
    get("/sign-in", account.sign_in_form),
    post("/sign-in", account.sign_in),
    get("/sign-in/{token}", account.confirm),
    post("/sign-in/{token}", account.sign_in_by_link),
    get("/forgot", passwords.forgot),
    post("/forgot", passwords.mail_link),
    get("/desk/forgot", passwords.forgot),
    post("/desk/forgot", passwords.mail_link),
    get("/reset/{token}", passwords.form),
    post("/reset/{token}", passwords.reset),
]
# How staff come in from the console in a person's name, and go.
ACCESS = [
    get("/access", access.over),
    post("/access", access.stop, Kind.PERSON),
    get("/access/{token}", access.offered),
    post("/access/{token}", access.begin),
]
# Of whoever is signed in, at the desk or at the portal.
OWN = [
    get("/account", factors.account, Kind.PERSON),
    get("/account/again", proving.again.form, Kind.PERSON),
    post("/account/again", proving.again.by_code, Kind.PERSON),
    post("/account/again/passkey", proving.again.by_passkey, Kind.PERSON),
    get("/account/factors/new", factors.new, Kind.PERSON),
    post("/account/factors/authenticator", factors.add_authenticator, Kind.PERSON),
    post("/account/factors/passkey", factors.add_passkey, Kind.PERSON),
    post("/account/factors/{id}/remove", factors.remove, Kind.PERSON),
    post("/account/codes", factors.renew_codes, Kind.PERSON),
    post("/account/password", factors.change_password, Kind.PERSON),
    post("/account/sessions/{id}/end", factors.end_session, Kind.PERSON),
]
# By the link that owners are mailed when their helpdesk is closed.
RETURN = [get("/return/{token}", returning.offer), post("/return/{token}", returning.take_back)]
SETTINGS = [
    *RETURN,
    get("/welcome/{token}", welcome.form),
    post("/welcome/{token}", welcome.choose_password),
    get("/settings/mail-failures", mail_failures.failures, Kind.PERSON),
    post("/settings/mail-failures/{id}/retry", mail_failures.retry, Kind.PERSON),
]
FILES = [get("/{token}", attachments.download)]
SITE = [
    get("/", home.home),
    get("/terms", home.terms),
    get("/status", status.status),
    get("/status.atom", status.feed),
    get("/sign-up", sign_up.form),
    post("/sign-up", sign_up.begin),
    get("/sign-up/address", sign_up.look),
    get("/sign-up/region", sign_up.region),
    get("/sign-up/sent", sign_up.sent),
    get("/sign-up/confirm/{token}", sign_up.pending),
    post("/sign-up/confirm/{token}", sign_up.confirm),
    get("/sign-up/progress", sign_up.progress),
]


def application(
    dispatcher: rpc.Dispatcher,
    directory: Directory,
    addresses: Addresses,
    key: bytes,
    *,
    development: bool,
    ready: Callable[[], Awaitable[bool]],
    now: Callable[[], datetime],
    trusted_proxies: Sequence[str] = (),
    site_routes: Sequence[Route] = (),
    hub: Hub | None = None,
    status_folder: Path | None = None,
) -> ASGIApp:
    """Everything that browsers and API clients reach. trusted_proxies are networks, such as 10.0.0.0/8."""
    static = Static(folder("static"), development=development)
    edge = Edge(
        dispatcher=dispatcher,
        directory=directory,
        addresses=addresses,
        key=key,
        development=development,
        proxies=Proxies(trusted_proxies),
        ready=ready,
        now=now,
        live=hub or Hub(dispatcher.calling),
        pages=environment(folder("templates"), static.address, development=development),
        status=status_folder,
    )
    calls = Route("/rpc", rpc.http.Endpoint(dispatcher, rpc_credential))
    doors = Doors(
        probes={"/healthz": request_response(probes.healthz), "/readyz": request_response(probes.readyz)},
        site=_router([*SITE, *site_routes, static.route()]),
        customer=UnderAccess(
            _router([*PORTAL, *BRAND, *ACCOUNT, *OWN, *ACCESS, *DESK, *SETTINGS, *PANEL, calls, static.route()])
        ),
        coming=Router([static.route()], redirect_slashes=False, default=coming),
        closed=SameOrigin(Router([*RETURN, static.route()], redirect_slashes=False, default=returning.closed)),
        files=_router(FILES),
        console=_router([*CONSOLE, static.route()]),
    )
    return Arrival(Compress(Errors(doors)), edge)


def _router(routes: Sequence[Route]) -> ASGIApp:
    return SameOrigin(Router(routes, redirect_slashes=False))
