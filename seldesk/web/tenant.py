"""Whose door is this? The host says it, and memory answers: no query for a host that nobody has."""

import re
from dataclasses import dataclass, replace

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

import rpc
from seldesk.errors import CustomerClosed, CustomerUnavailable
from seldesk.surroundings import Brand, Customer
from seldesk.web.visit import Edge, Visit

HOST = re.compile(r"([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::([0-9]{1,5}))?", re.IGNORECASE)
COMING = ("requested", "provisioning")
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class MalformedHost(rpc.InvalidRequest):
    """The request does not say clearly which address it is meant for."""

    code = "malformed_host"


class NobodyHere(rpc.NotFound):
    """There is no helpdesk at this address. Look for a typing mistake in its first word."""

    code = "nobody_here"


class PlainHttp(rpc.Forbidden):
    """This page is served over HTTPS only. What you sent was not read: change the password if you typed one."""

    code = "plain_http"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The application behind each kind of host; probes are answered whatever the host. Of a customer that is being
    made there is one page, and of one that has left only what takes it back.
    """

    probes: dict[str, ASGIApp]
    site: ASGIApp
    customer: ASGIApp
    coming: ASGIApp
    closed: ASGIApp
    files: ASGIApp
    console: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit: Visit = scope["visit"]
        if probe := self.probes.get(scope["path"]):
            return await probe(scope, receive, send)
        host = _host(scope, visit.edge)
        app = self._door(host, visit)
        if not (visit.secure or visit.edge.development):
            app = _secured(scope, host, visit.edge)
        await app(scope, receive, send)

    def _door(self, host: str, visit: Visit) -> ASGIApp:
        addresses = visit.edge.addresses
        if host == addresses.base:
            return self.site
        # In development it lies below the customers' base.
        if addresses.ops_base and host == addresses.ops_base:
            return self.console
        # Files first: their base may lie below the customers' one.
        for base, app in ((addresses.files_base, self.files), (addresses.base, self.customer)):
            slug, dot, rest = host.partition(".")
            if dot and rest == base:
                customer = _known(visit.edge, slug)
                if customer.served:
                    visit.customer = customer
                    return app
                if customer.state in COMING:
                    return self.coming
                # Its name and its colours are nobody's business any more.
                visit.customer = replace(customer, name="", brand=Brand())
                if app is self.customer:
                    return self.closed
                raise CustomerClosed
        raise NobodyHere


def _host(scope: Scope, edge: Edge) -> str:
    named = Headers(scope=scope).getlist("host")
    match = HOST.fullmatch(named[0]) if len(named) == 1 else None
    if match is None:
        raise MalformedHost
    port = int(match[2]) if match[2] else None
    if not edge.development and port not in (edge.addresses.port, edge.addresses.port or 443):
        raise NobodyHere
    return match[1].lower()


def _known(edge: Edge, slug: str) -> Customer:
    customer = edge.directory.find(slug) if SLUG.fullmatch(slug) else None
    if customer is None:
        raise NobodyHere
    return customer


async def coming(scope: Scope, receive: Receive, send: Send) -> None:
    """Every page of a customer that is being made."""
    raise CustomerUnavailable(retry_after=10)


def _secured(scope: Scope, host: str, edge: Edge) -> ASGIApp:
    if scope["method"] not in ("GET", "HEAD"):
        raise PlainHttp
    port = edge.addresses.port
    url = Request(scope).url
    path = url.path + (f"?{url.query}" if url.query else "")
    return RedirectResponse(f"https://{host}{f':{port}' if port else ''}{path}", 308)
