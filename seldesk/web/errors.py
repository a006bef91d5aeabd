"""What went wrong, as a page. Expected errors keep their words; unexpected ones show nothing but an id."""

import logging
from urllib.parse import urlencode, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import rpc
from seldesk.errors import CustomerMoving, CustomerUnavailable, FactorNeeded, ProofNeeded
from seldesk.web import paths
from seldesk.web.csrf import SAFE
from seldesk.web.render import DESK, page
from seldesk.web.visit import visit_of

log = logging.getLogger(__name__)

TITLES = {
    400: "This request cannot be read",
    401: "Please sign in",
    403: "Not done",
    404: "Not found",
    405: "Not done",
    408: "Not done",
    409: "Something has changed",
    410: "Closed",
    413: "Too much at once",
    422: "Not accepted",
    429: "Too many tries",
    500: "Something broke",
    503: "Not now",
    507: "No room left",
}
# What the one who sent a form can mend: its page comes again with what was typed. All others have pages of their own.
MENDABLE = (rpc.Invalid, rpc.Conflict, rpc.TooLarge, rpc.TooMany, rpc.Unavailable)


MOVING = CustomerMoving.code
SOONEST, LATEST = 5, 15  # seconds after which a page that waits looks again


class NoSuchPage(rpc.NotFound):
    """There is nothing at this address. It may be misspelt, or not meant for you."""

    code = "no_such_page"


class LinkNeeded(rpc.Unauthenticated):
    """Open the link in the newest mail about your ticket: it is good for a day in this browser. Or sign in."""

    code = "link_needed"


class SignedOut(rpc.Unauthenticated):
    """You have been signed out, and nothing was changed. Copy what you wrote, then sign in again."""

    code = "signed_out"


class Errors:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                raise
            await _answer(Request(scope), error)(scope, receive, send)


def _answer(request: Request, error: Exception) -> Response:
    known = _known(request, error)
    if request.url.path == "/rpc":
        return _call_error(known)
    swaps = "hx-request" in request.headers
    writes = request.method not in SAFE
    if isinstance(known, rpc.Unauthenticated):
        if visit_of(request).kind is rpc.Kind.LINK:
            known = LinkNeeded()
        elif writes:
            known = SignedOut()
        else:
            return _to_sign_in(request, swaps=swaps)
    if isinstance(known, ProofNeeded | FactorNeeded) and visit_of(request).kind is rpc.Kind.PERSON:
        return _to_account(request, known, swaps=swaps, writes=writes)
    return error_page(request, known, beside=swaps and writes)


def error_page(request: Request, error: rpc.Error, *, beside: bool = False) -> Response:
    """beside: only the words are put on the page that sent a form, so that nothing typed there is lost."""
    headers = {}
    if retry_after := getattr(error, "retry_after", None):
        headers["Retry-After"] = str(retry_after)
    if beside:
        headers |= {"HX-Retarget": "#notice", "HX-Reselect": "#problem", "HX-Reswap": "innerHTML"}
    if isinstance(error, CustomerMoving | CustomerUnavailable) and request.method in SAFE:
        again = min(max(retry_after or 0, SOONEST), LATEST)
        return page(
            request, "away.html", status=error.status, headers=headers, again=again, moving=error.code == MOVING
        )
    return page(
        request,
        "error.html",
        status=error.status,
        headers=headers,
        title=TITLES.get(error.status, "Not done"),
        words=words_of(error),
        status_code=error.status,
        desk=request.url.path.startswith(DESK),
        typed=visit_of(request).typed,
    )


def words_of(error: rpc.Error) -> str:
    """Where there is but one place to put them."""
    return " ".join(dict.fromkeys(getattr(error, "fields", {}).values())) or str(error)


def _known(request: Request, error: Exception) -> rpc.Error:
    if isinstance(error, rpc.Error):
        return error
    if isinstance(error, HTTPException) and error.status_code == 404:
        return NoSuchPage()
    if isinstance(error, HTTPException) and error.status_code == 405:
        return _NotHere()
    log.error("unexpected error in request %s", visit_of(request).request_id, exc_info=error)
    return rpc.Internal("This is our fault, and it has been written down. Try again in a moment.")


class _NotHere(rpc.InvalidRequest):
    """This address takes another kind of request. Go back and use the form or link there."""

    code = "method_not_allowed"
    status = 405


def _call_error(error: rpc.Error) -> Response:
    said = {"code": error.number, "message": str(error), "data": {"code": error.code}}
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": said}, error.status)


def _to_sign_in(request: Request, *, swaps: bool) -> Response:
    url = request.url
    came_for = url.path + (f"?{url.query}" if url.query else "")
    there = f"{'/desk' if url.path.startswith(DESK) else ''}/sign-in?{urlencode({'next': came_for})}"
    # A swapped page must not end up inside the one that is shown: htmx is told to leave it.
    return Response(None, 401, {"HX-Redirect": there}) if swaps else RedirectResponse(there, 303)


def _to_account(request: Request, error: rpc.Error, *, swaps: bool, writes: bool) -> Response:
    """To what is missing, and from there back to the page where one was."""
    came_from = _path(request.headers.get("referer", "")) if writes else request.url.path
    there = f"/account/again?{urlencode({'next': paths.own(came_from)})}"
    if isinstance(error, FactorNeeded):
        there = "/account/factors/new"
    return Response(None, error.status, {"HX-Redirect": there}) if swaps else RedirectResponse(there, 303)


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
