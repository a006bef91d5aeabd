"""Signing up, from the form to the first password."""

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.errors import SignUpOver, SlugTaken
from seldesk.methods.control import sign_ups
from seldesk.methods.control.sign_ups import Progress, Where
from seldesk.offer import Country
from seldesk.web.credential import call_of, cookie, set_cookie
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import faults
from seldesk.web.form import Form
from seldesk.web.render import page

FIELDS = ("slug", "organisation", "name", "email", "country", "region", "plan", "terms")
SIGN_UP = "sign_up"
PROGRESS = "/sign-up/progress"
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
# What the provisioner does, in the words of whoever waits for it; the last one is the worker's.
STEPS = {
    "roles": "Making keys that open nothing else",
    "create": "Making your database",
    "close": "Closing it to everybody else",
    "own": "Handing its tables over",
    "settings": "Setting its limits",
    "open": "Opening it to your helpdesk",
    "founded": "Making your account",
}


class NobodyWaits(rpc.NotFound):
    """In this browser no sign-up was confirmed. Open the link in the newest mail, or sign up."""

    code = "nobody_waits"


async def form(request: Request) -> Response:
    return await _form(request, {"plan": request.query_params.get("plan", "")})


async def look(request: Request) -> Response:
    """A part of the form: whether the address that is being typed can be had."""
    available = await call_of(request)(sign_ups.look, request.query_params.get("slug", "")[:255])
    return page(request, "site/sign_up/parts/address.html", available=available)


async def region(request: Request) -> Response:
    """A part of the form: where the data would lie."""
    return page(request, "site/sign_up/parts/region.html", found=await _where(request))


async def begin(request: Request, form: Form) -> Response:
    typed = {name: form.text(name) for name in FIELDS}
    try:
        await call_of(request).form(sign_ups.begin, form.only(*FIELDS))
    except MENDABLE as error:
        return await _form(request, typed, faults(error), status=error.status)
    # Whoever has no JavaScript is shown the region there.
    return RedirectResponse(f"/sign-up/sent?{urlencode({name: typed[name] for name in ('country', 'region')})}", 303)


async def sent(request: Request) -> Response:
    return page(request, "site/sign_up/sent.html", found=await _where(request))


async def pending(request: Request) -> Response:
    """Programs that look into mails open every link in them: only the form of this page uses it up."""
    return await _pending(request)


async def confirm(request: Request, form: Form) -> Response:
    token = _token(request)
    try:
        secret = await call_of(request).form(sign_ups.confirm, form.only("slug"), token=token)
    except (rpc.Invalid, SlugTaken) as error:
        return await _pending(request, form.text("slug"), status=error.status)
    response = RedirectResponse(PROGRESS, 303)
    set_cookie(request, response, SIGN_UP, secret)
    return response


async def progress(request: Request) -> Response:
    secret = cookie(request, SIGN_UP)
    if not TOKEN.fullmatch(secret):
        raise NobodyWaits
    try:
        found = await call_of(request)(sign_ups.progress, secret)
    except rpc.NotFound:
        raise NobodyWaits from None
    return page(request, "site/sign_up/progress.html", progress=found, steps=_steps(found))


def _steps(found: Progress) -> list[tuple[str, str]]:
    """Each step in words, and whether it is done, under way, failed or still to come."""
    names = [*STEPS]
    done = len(names) if found.ready else names.index(found.step) + 1 if found.step in names else 0
    under_way = "failed" if found.failed else "now"
    states = ["done" if place < done else under_way if place == done else "later" for place in range(len(names))]
    return [*zip(STEPS.values(), states, strict=True)]


def _token(request: Request) -> str:
    token: str = request.path_params["token"]
    if not TOKEN.fullmatch(token):
        raise SignUpOver
    return token


async def _where(request: Request) -> Where | None:
    """None while no country is chosen."""
    asked = {name: [value] for name, value in request.query_params.items() if name in ("country", "region")}
    try:
        return await call_of(request).form(sign_ups.region, asked)
    except (rpc.Invalid, rpc.NotFound):
        return None


async def _form(
    request: Request, typed: dict[str, str], wrong: Mapping[str, str] | None = None, *, status: int = 200
) -> Response:
    offer = await call_of(request)(sign_ups.offer)
    typed = {**dict.fromkeys(FIELDS, ""), **typed}
    typed["plan"] = typed["plan"] if typed["plan"] in {plan.code for plan in offer.plans} else offer.plans[0].code
    return page(
        request,
        "site/sign_up/form.html",
        status=status,
        offer=offer,
        countries=sorted(offer.countries, key=_in_order),
        typed=typed,
        wrong=wrong or {},
    )


def _in_order(country: Country) -> str:
    """Åland stands among the other A."""
    return "".join(letter for letter in unicodedata.normalize("NFD", country.name) if not unicodedata.combining(letter))


async def _pending(request: Request, slug: str = "", *, status: int = 200) -> Response:
    """With a field for another address where the first one cannot be had any more."""
    call = call_of(request)
    found = await call(sign_ups.read, _token(request))
    available = await call(sign_ups.look, slug[:255]) if slug else found.available
    return page(request, "site/sign_up/confirm.html", status=status, pending=found, available=available, slug=slug)
