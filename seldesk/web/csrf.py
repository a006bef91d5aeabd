"""Nothing is written on behalf of another site. One rule for each door: pages, and /rpc."""

import hmac
import secrets
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

import rpc
from seldesk.web.credential import FORM, cookie, secret_of
from seldesk.web.form import Form
from seldesk.web.visit import Visit, visit_of

FIELD = "form_token"
SAFE = ("GET", "HEAD", "OPTIONS")


class ForeignRequest(rpc.Forbidden):
    """This did not come from a page of ours, so nothing was changed. Open the page here and send it again."""

    code = "foreign_request"


class OldForm(rpc.Forbidden):
    """This page was too old to be sent, and nothing was changed. Go back, load the page anew and send again."""

    code = "old_form"


class SameOrigin:
    """Lets unsafe requests pass only when the browser says that a page of this very host sent them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # /rpc has a rule of its own, which stands where its credentials are read.
        if scope["method"] not in SAFE and scope["path"] != "/rpc":
            _check_origin(Headers(scope=scope), scope["visit"])
        await self.app(scope, receive, send)


def _check_origin(headers: Headers, visit: Visit) -> None:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    own = f"{'https' if visit.edge.addresses.secure else 'http'}://{headers['host']}".lower()
    if site is None and origin is None:
        raise ForeignRequest
    if site not in (None, "same-origin") or origin not in (None, own):
        raise ForeignRequest


def form_token(request: Request) -> str:
    """What only a form shown to this browser can hold. Never the same twice: compressing a page tells nothing."""
    salt = secrets.token_urlsafe(12)
    return f"{salt}.{_mac(request, salt, _bound_to(request))}"


def check_form(request: Request, form: Form) -> None:
    salt, _, mac = form.text(FIELD).partition(".")
    bound = secret_of(request) or cookie(request, FORM)
    if not bound or not hmac.compare_digest(mac.encode(), _mac(request, salt, bound).encode()):
        raise OldForm


def _bound_to(request: Request) -> str:
    """The cookie a token belongs to: the session's, before sign-in a random one that comes with the page."""
    if bound := secret_of(request) or cookie(request, FORM):
        return bound
    visit = visit_of(request)
    visit.new_form_cookie = visit.new_form_cookie or secrets.token_urlsafe(16)
    return visit.new_form_cookie


def _mac(request: Request, salt: str, bound: str) -> str:
    visit = visit_of(request)
    content = "\0".join((visit.slug or "", visit.kind, salt, bound)).encode()
    return hmac.new(visit.edge.key, b"form\0" + content, sha256).hexdigest()
