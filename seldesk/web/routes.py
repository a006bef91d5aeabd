"""Pages and forms as routes: what a handler may rely on is checked here, before it runs."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import rpc
from seldesk.web.credential import secret_of
from seldesk.web.csrf import OldForm, check_form
from seldesk.web.form import Form, read_form
from seldesk.web.visit import visit_of

Page: TypeAlias = Callable[[Request], Awaitable[Response]]
Action: TypeAlias = Callable[[Request, Form], Awaitable[Response]]


# What took somebody time to write: it is given back when the form comes too late.
WRITTEN = ("subject", "text", "signature", "body")
# What says that a caller of another kind may be meant: who is somebody else, or not the one who may see it.
ANOTHER = (rpc.Unauthenticated, rpc.NotFound, rpc.MethodNotFound)


def get(path: str, handler: Page, *kinds: rpc.Kind) -> Route:
    """A page for callers of these kinds: the first that the browser can show itself as and that may see it."""

    async def endpoint(request: Request) -> Response:
        visit = visit_of(request)
        *before, last = _present(request, kinds)
        for kind in before:
            visit.kind = kind
            with suppress(*ANOTHER):
                return await handler(request)
        visit.kind = last
        return await handler(request)

    return Route(path, endpoint, methods=["GET"])


def post(path: str, handler: Action, *kinds: rpc.Kind, files: bool = False) -> Route:
    """A form of a page: read within bounds and known to come from that page before the handler sees it."""

    async def endpoint(request: Request) -> Response:
        visit = visit_of(request)
        present = _present(request, kinds)
        visit.kind = present[-1]
        if visit.kind is not rpc.Kind.ANONYMOUS and not secret_of(request):
            raise rpc.Unauthenticated
        form = await read_form(request, files=files)
        visit.typed = "\n\n".join(filter(None, map(form.text, WRITTEN)))
        _check_sender(request, form, present)
        return await handler(request, form)

    return Route(path, endpoint, methods=["POST"])


def _present(request: Request, kinds: Sequence[rpc.Kind]) -> list[rpc.Kind]:
    """Those of the kinds that this browser has a cookie for; the last one when there is none."""
    visit, found = visit_of(request), []
    for kind in kinds:
        visit.kind = kind
        if kind is rpc.Kind.ANONYMOUS or secret_of(request):
            found.append(kind)
    return found or [kinds[-1] if kinds else rpc.Kind.ANONYMOUS]


def _check_sender(request: Request, form: Form, kinds: Sequence[rpc.Kind]) -> None:
    """The caller is the one for whom the page with this form was made: its token belongs to their cookie."""
    for kind in kinds[:-1]:
        visit_of(request).kind = kind
        with suppress(OldForm):
            return check_form(request, form)
    visit_of(request).kind = kinds[-1]
    return check_form(request, form)


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
