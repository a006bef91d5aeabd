"""Many tickets changed at once, and taken back."""

from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.desk import tickets
from seldesk.methods.desk.shapes.desk import Bulk
from seldesk.web.credential import call_of
from seldesk.web.desk.queue import FILTERS
from seldesk.web.form import Form
from seldesk.web.routes import id_of

Fields: TypeAlias = Mapping[str, list[str | rpc.Upload]]
# What a choice says for nobody, and for neither spam nor deleted; an empty one says "as it is".
NONE = "none"


class NothingChosen(rpc.Invalid):
    """Choose what to change: an assignee, a status, a priority or a tag. Then press “Change”."""


async def change(request: Request, form: Form) -> Response:
    fields, fixed = changes(form)
    if not fields and not fixed:
        raise NothingChosen
    done = await call_of(request).form(tickets.update_many, {**fields, **form.only("numbers")}, **fixed)
    return to_queue(form, done)


async def undo(request: Request, form: Form) -> Response:
    return to_queue(form, await call_of(request)(tickets.undo, id_of(request)))


def changes(form: Form) -> tuple[Fields, dict[str, Any]]:
    """What a form wants changed, as fields and as values that no field can spell; the rest is left as it is."""
    wanted: Fields = {
        name: [form.text(name)] for name in ("status", "assignee", "priority", "removed") if form.text(name)
    }
    fixed = {name: None for name in wanted if wanted[name] == [NONE]}
    fields: Fields = {name: values for name, values in wanted.items() if name not in fixed}
    tags = {name: words(form.text(name)) for name in ("add_tags", "remove_tags")}
    return {**fields, **{name: values for name, values in tags.items() if values}}, fixed


def words(text: str) -> list[str | rpc.Upload]:
    """Tags as people write them: with commas or spaces between them."""
    return [*text.replace(",", " ").split()]


def to_queue(form: Form, done: Bulk) -> Response:
    """The list as it was, with a notice of what was done. Only what we know of the address is kept."""
    kept = {name: value for name, value in parse_qsl(form.text("back")) if name in (*FILTERS, "cursor")}
    return RedirectResponse(f"/desk/tickets?{urlencode({**kept, 'bulk': str(done.id)})}", 303)
