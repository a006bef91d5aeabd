import rpc
from seldesk.caller import Caller
from seldesk.methods.desk import pages
from seldesk.methods.desk.shapes.desk import SearchPage


@rpc.public("tickets.read", kinds=(rpc.Kind.PERSON,), reads=True)
async def page(caller: Caller, query: str = "", cursor: str | None = None) -> SearchPage:
    """All that the search page shows."""
    desk = await pages.desk(caller)
    return SearchPage(desk, query, await pages.hits(caller, query, cursor) if query.strip() else None)
