"""A form that is sent twice, by a second click or after an answer that was lost, is done once."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from markupsafe import Markup
from starlette.requests import Request

import rpc
from seldesk.web.credential import call_of
from seldesk.web.form import Form
from seldesk.web.visit import visit_of

R = TypeVar("R")
FIELD = "once"


class SentBefore(rpc.KeyReused):
    """This form was sent before with something else in it. Look whether that has arrived, then send again."""


async def once(
    request: Request,
    form: Form,
    method: rpc.Method[..., R],
    fields: Mapping[str, Sequence[str | rpc.Upload]],
    **fixed: Any,
) -> R:
    """Call with the form's own key. Where it fails the page brings the same key again, for it may not have failed:
    its answer may be all that was lost.
    """
    visit = visit_of(request)
    visit.once = form.text(FIELD)
    try:
        return await call_of(request).once(visit.once).form(method, fields, **fixed)
    except rpc.KeyReused:
        visit.once = ""
        raise SentBefore from None


def once_field(request: Request) -> Markup:
    key = visit_of(request).once or secrets.token_urlsafe(16)
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, key)
