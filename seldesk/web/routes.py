"""Pages and forms as routes: what a handler may rely on is checked here, before it runs."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import rpc
from seldesk.web.credential import secret_of
from seldesk.web.csrf import check_form
from seldesk.web.form import Form, read_form
from seldesk.web.visit import visit_of

Page: TypeAlias = Callable[[Request], Awaitable[Response]]
Action: TypeAlias = Callable[[Request, Form], Awaitable[Response]]


def get(path: str, handler: Page, kind: rpc.Kind = rpc.Kind.ANONYMOUS) -> Route:
    """A page for callers of this kind."""

    async def endpoint(request: Request) -> Response:
        visit_of(request).kind = kind
        return await handler(request)

    return Route(path, endpoint, methods=["GET"])


def post(path: str, handler: Action, kind: rpc.Kind = rpc.Kind.ANONYMOUS, *, files: bool = False) -> Route:
    """A form of a page: read within bounds and known to come from that page before the handler sees it."""

    async def endpoint(request: Request) -> Response:
        visit = visit_of(request)
        visit.kind = kind
        if kind is not rpc.Kind.ANONYMOUS and not secret_of(request):
            raise rpc.Unauthenticated
        form = await read_form(request, files=files)
        visit.typed = form.text("body")
        check_form(request, form)
        return await handler(request, form)

    return Route(path, endpoint, methods=["POST"])


def number_of(request: Request) -> int:
    """A ticket's number in the path. One that no ticket can have is not found."""
    text = request.path_params["number"]
    if not re.fullmatch(r"[1-9][0-9]{0,9}", text) or int(text) >= 2**31:
        raise rpc.NotFound
    return int(text)


def id_of(request: Request) -> UUID:
    try:
        return UUID(request.path_params["id"])
    except ValueError:
        raise rpc.NotFound from None


def query_of(request: Request, *names: str) -> Mapping[str, list[str | rpc.Upload]]:
    """These parameters of the address; others are left alone."""
    return {name: [*request.query_params.getlist(name)] for name in names if name in request.query_params}
