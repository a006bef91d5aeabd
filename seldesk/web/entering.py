"""What a browser keeps of coming in: the session, what leads to the second step, and what it is known again by."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk.shapes.people import SignIn
from seldesk.web.credential import SESSION, cookie, drop_cookie, set_cookie

# Between the two steps, and only for them.
ENTRY = "entry"
# Known to nobody but this customer, for one browser, and for telling people of a new one.
DEVICE, REMEMBERED = "device", 400 * 24 * 60 * 60
STEP = "/sign-in/factor"


def known(request: Request) -> dict[str, str]:
    """What this browser is known again by, as an argument."""
    device = cookie(request, DEVICE)[:100]
    return {"device": device} if device else {}


def entered(request: Request, answer: SignIn, there: str, came_for: str) -> Response:
    """On to `there`, or to the second step and from that to what one came for."""
    if answer.entry is not None:
        response = RedirectResponse(f"{STEP}?{urlencode({'next': came_for})}", 303)
        set_cookie(request, response, ENTRY, answer.entry)
        return response
    response = RedirectResponse(there, 303)
    set_cookie(request, response, SESSION, answer.token or "")
    if cookie(request, ENTRY):
        drop_cookie(request, response, ENTRY)
    if answer.device:
        set_cookie(request, response, DEVICE, answer.device, seconds=REMEMBERED)
    return response
