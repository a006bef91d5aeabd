"""Pages from templates. Only the templates that are shipped: nothing a user wrote is ever a template."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from rpc import Kind
from seldesk import zones
from seldesk.web import branding, console_log, role_words, words
from seldesk.web import console_words as console
from seldesk.web.credential import FORM, set_cookie
from seldesk.web.csrf import FIELD, form_token
from seldesk.web.once import once_field
from seldesk.web.qr import qr
from seldesk.web.visit import Visit, visit_of

DESK = ("/desk", "/settings")
_BODY = re.compile(r"<body\b[^>]*>")


@cache  # Compiling takes a moment, and the same templates serve every edge of a process.
def environment(folder: Path, static: str, *, development: bool) -> Environment:
    """static is the address below which static files lie."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=development,
    )
    _equip(made, static)
    # All at once, at the start: a template with a mistake is found before anybody asks for its page. Who develops waits
    # for the start more often, and sees the mistake anyway.
    for name in () if development else made.list_templates(filter_func=_is_page):
        made.get_template(name)
    return made


def _equip(made: Environment, static: str) -> None:
    """What every template knows, besides the values of its page."""
    made.filters.update(
        since=_timed(words.since),
        moment=_timed(words.moment),
        day=_timed(words.day),
        paragraphs=words.paragraphs,
        size=words.size,
        initials=words.initials,
        tint=words.tint,
        count=words.count,
        actor=words.actor,
        place=words.place,
        groups=console.groups,
    )
    made.globals.update(
        static=static,
        change=words.change,
        brand_version=branding.version,
        STATUSES=words.STATUSES,
        PRIORITIES=words.PRIORITIES,
        VIEWS=words.VIEWS,
        SORTS=words.SORTS,
        REMOVED=words.REMOVED,
        BESIDE=words.BESIDE,
        CHANNELS=words.CHANNELS,
        PROGRESS=words.PROGRESS,
        NOTICES=words.NOTICES,
        DELIVERIES=words.DELIVERIES,
        MAIL_KINDS=words.MAIL_KINDS,
        MATCHES=words.MATCHES,
        sections=role_words.sections,
        role_words=role_words,
        ROLES=words.ROLES,
        FACTORS=words.FACTORS,
        DEMANDS=words.DEMANDS,
        MEMBER_STATES=words.MEMBER_STATES,
        ZONES=zones.by_region,
        console=console,
        console_log=console_log,
        qr=qr,
    )


def _is_page(name: str) -> bool:
    return name.endswith(".html") and not name.startswith("mail/")


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    visit = visit_of(request)
    text = visit.edge.pages.get_template(template).render(
        values,
        nonce=visit.nonce,
        now=visit.now,
        local=_zone(visit, values),
        place=visit.customer,
        kind=visit.kind,
        acting=visit.acting,
        path=request.url.path,
        request_id=visit.request_id,
        form_token=partial(_field, request),
        once=partial(once_field, request),
        was_done=words.DONE.get(request.query_params.get("done", ""), ""),
    )
    for banner in _banners(visit, request.url.path):
        text = _with_banner(request, text, banner, _zone(visit, values))
    response = HTMLResponse(text, status, headers)
    if status >= 400:
        # The address of a form is no page to come back to.
        response.headers["HX-Push-Url"] = "false"
    if visit.new_form_cookie:
        set_cookie(request, response, FORM, visit.new_form_cookie)
    return response


def _banners(visit: Visit, path: str) -> Iterator[str]:
    """What is said at the head of every page, whatever its frame: no page may forget it."""
    customer = visit.customer
    if customer is not None and customer.side is not None:
        yield "parts/aside.html"
    elif customer is not None and customer.state == "suspended":
        yield "parts/suspended.html"
    if customer is not None and customer.closes_at is not None and path.startswith(DESK):
        yield "parts/closing.html"
    if visit.acting is not None:
        # Last, so that it stands first, whatever else is said.
        yield "parts/access.html"


def _with_banner(request: Request, text: str, banner: str, local: ZoneInfo) -> str:
    """A part of a page has no head."""
    visit = visit_of(request)
    shown = visit.edge.pages.get_template(banner).render(
        place=visit.customer,
        now=visit.now,
        local=local,
        acting=visit.acting,
        nonce=visit.nonce,
        form_token=partial(_persons_field, request),
    )
    return _BODY.sub(lambda found: found[0] + shown, text, count=1)


def _zone(visit: Visit, values: Mapping[str, Any]) -> ZoneInfo:
    """The reader's, which came with what the page shows; the customer's where nobody is known."""
    for shown in (values.get("zone"), values.get("me"), *(getattr(value, "me", None) for value in values.values())):
        if shown is not None:
            return zones.zone(getattr(shown, "zone", shown))
    return zones.zone(zones.of_country(visit.customer.country) if visit.customer else zones.UTC)


def _field(request: Request) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, form_token(request))


def _persons_field(request: Request) -> Markup:
    """For the form of a banner, which is a person's whatever the page around it is."""
    visit = visit_of(request)
    shown_to, visit.kind = visit.kind, Kind.PERSON
    field = _field(request)
    visit.kind = shown_to
    return field


def _timed(words_for: Any) -> Any:
    @pass_context
    def filtered(context: Context, time: Any) -> Markup:
        shown: Markup = words_for(time, context["now"], context["local"])
        return shown

    return filtered
