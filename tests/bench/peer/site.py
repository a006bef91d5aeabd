"""django-helpdesk under gunicorn. Its list of tickets is a page without tickets and a second request for them, which a
browser sends as soon as it has the page: here both are one request, so that a whole list is what is measured.
"""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.core.wsgi import get_wsgi_application  # type: ignore[import-not-found] # in the peer's own environment

WHOLE = "/whole"
DATA = re.compile(rb'"url": "(/datatables_ticket_list/[^"]+)"')
ROWS = "draw=1&start=0&length={}"
Start = Callable[..., Any]
django = get_wsgi_application()


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """/whole/25/tickets/ is the page of tickets, and then 25 rows of it."""
    if not environ["PATH_INFO"].startswith(WHOLE):
        answer: Iterable[bytes] = django(environ, start)
        return answer
    _, _, rows, path = environ["PATH_INFO"].split("/", 3)
    page = b"".join(django({**environ, "PATH_INFO": f"/{path}"}, _unheard))
    found = DATA.search(page)
    if found is None:
        start("502 Bad Gateway", [])
        return [b"The page asks for no rows."]
    asked = {"PATH_INFO": found[1].decode(), "QUERY_STRING": ROWS.format(rows), "wsgi.input": BytesIO()}
    data = b"".join(django({**environ, **asked}, start))
    return [data]


def _unheard(*_: object) -> Callable[[bytes], None]:
    return lambda _: None
