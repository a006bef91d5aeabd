"""Cookies and headers become credentials. What they are worth is looked up inside the call's transaction."""

from starlette.requests import Request
from starlette.responses import Response

import rpc
from seldesk.web.visit import visit_of

SESSION = "session"
REQUEST = "request"
FORM = "form"
STAFF = "staff"
# Of one of the staff in the name of a customer's person. It stands before a session of their own.
ACCESS = "access"
LONGEST = 255
LONGEST_AGENT = 300

# A requester's link has a cookie of its own, so that an agent who opens one stays signed in.
_COOKIES = {rpc.Kind.PERSON: SESSION, rpc.Kind.LINK: REQUEST, rpc.Kind.STAFF: STAFF}


class NakedCall(rpc.Forbidden):
    """With a cookie, /rpc takes only `Content-Type: application/json` together with the header `X-Seldesk: 1`."""

    code = "naked_call"


def call_of(request: Request) -> rpc.Call:
    """The caller that this page's route takes; Unauthenticated where the cookie for it is missing."""
    visit = visit_of(request)
    secret = secret_of(request)
    if not secret and visit.kind is not rpc.Kind.ANONYMOUS:
        raise rpc.Unauthenticated
    acting = visit.kind is rpc.Kind.PERSON and bool(access_of(request))
    return visit.edge.dispatcher.calling(_credential(request, visit.kind, secret, acting=acting))


def secret_of(request: Request) -> str:
    """The value of the cookie that this page's route takes callers by."""
    kind = visit_of(request).kind
    name = _COOKIES.get(kind)
    acting = access_of(request) if kind is rpc.Kind.PERSON else ""
    return acting or (cookie(request, name) if name else "")


def access_of(request: Request) -> str:
    """What one of the staff shows who acts in a person's name; at a customer's door alone."""
    return cookie(request, ACCESS)[:LONGEST] if visit_of(request).customer is not None else ""


def rpc_credential(request: Request) -> rpc.Credential:
    """At /rpc: a bearer token, else a session with two headers that no page of another site can send."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _credential(request, rpc.Kind.TOKEN, token.strip())
    acting = access_of(request)
    secret = acting or cookie(request, SESSION)
    if not secret:
        raise rpc.Unauthenticated("Send a token as `Authorization: Bearer …`.")
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json" or request.headers.get("x-seldesk") != "1":
        raise NakedCall
    return _credential(request, rpc.Kind.PERSON, secret, acting=bool(acting))


def cookie(request: Request, name: str) -> str:
    """Empty where there is none, or one with what no cookie of ours holds: a NUL, say, which no query may ask for."""
    value = request.cookies.get(_full(request, name), "")
    return value if value.isascii() and value.isprintable() else ""


def set_cookie(request: Request, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Until the browser is closed, or for so many seconds."""
    secure = not visit_of(request).edge.development
    response.set_cookie(
        _full(request, name), value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax"
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    secure = not visit_of(request).edge.development
    response.delete_cookie(_full(request, name), path="/", secure=secure, httponly=True, samesite="lax")


def _full(request: Request, name: str) -> str:
    return name if visit_of(request).edge.development else f"__Host-{name}"


def _credential(request: Request, kind: rpc.Kind, secret: str, *, acting: bool = False) -> rpc.Credential:
    visit = visit_of(request)
    return rpc.Credential(
        kind=kind,
        place=visit.slug,
        secret=secret,
        address=visit.address,
        request_id=visit.request_id,
        acting=acting,
        agent=request.headers.get("user-agent", "")[:LONGEST_AGENT],
    )
