from starlette.requests import Request
from starlette.responses import Response

from seldesk.methods.desk import search
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE, words_of
from seldesk.web.render import page
from seldesk.web.routes import query_of


async def found(request: Request) -> Response:
    call, asked = call_of(request), query_of(request, "query", "cursor")
    wrong, status = "", 200
    try:
        shown = await call.form(search.page, asked)
    except MENDABLE as error:
        if "cursor" in getattr(error, "fields", {}):
            raise
        wrong, status = words_of(error), error.status
        shown = await call(search.page)
    return page(
        request,
        "desk/search.html",
        status=status,
        desk=shown.desk,
        hits=shown.hits,
        query=_typed(request),
        later="cursor" in asked,
        wrong=wrong,
    )


def _typed(request: Request) -> str:
    """What stands in the box again, however long it was."""
    return request.query_params.get("query", "")[:1_000]
