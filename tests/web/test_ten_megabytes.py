"""What is longer than a form can be is refused by its head, at every address that takes a form: none of it is read."""

from collections.abc import Sequence

import pytest
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from seldesk.web.application import ACCOUNT, DESK, PORTAL, SETTINGS, SITE
from seldesk.web.console.routes import CONSOLE
from seldesk.web.settings.panel import PANEL
from tests.web.stage import LINK, SESSION, Stage, answers, edge
from tests.web.visitor import address_of, method_of

TEN = 10_000_000
DOORS: Sequence[tuple[str, Sequence[Route]]] = (
    ("localhost:8000", SITE),
    ("acme.localhost:8000", (*PORTAL, *ACCOUNT, *DESK, *SETTINGS, *PANEL)),
    ("ops.localhost:8000", CONSOLE),
)
# They take files, up to 26 MB in all, and no text of them is longer than 200 kB.
WITH_FILES = {
    "/tickets/{number}/answers",
    "/requests",
    "/desk/tickets",
    "/desk/tickets/new/saved-reply",
    "/desk/tickets/{number}/replies",
    "/desk/tickets/{number}/notes",
    "/desk/tickets/{number}/draft",
    "/desk/tickets/{number}/saved-reply",
    "/desk/tickets/{number}/preview",
    "/settings/branding",
}
FORM = "application/x-www-form-urlencoded"


async def sent(app: ASGIApp, host: str, path: str, media: str, *, said: bool) -> tuple[int, int]:
    """The status, and how much was read of ten megabytes whose length was said, or was not."""
    head = {
        "host": host,
        "cookie": f"session={SESSION}; request={LINK}; console={SESSION}",
        "sec-fetch-site": "same-origin",
        "content-type": media,
        "x-seldesk": "1",
    }
    if said:
        head["content-length"] = str(TEN)
    read, told = 0, list[Message]()

    async def receive() -> Message:
        nonlocal read
        part = b"password=" + b"x" * 65_527 if not read else b"x" * 65_536
        read += len(part)
        return {"type": "http.request", "body": part, "more_body": read < TEN}

    async def send(message: Message) -> None:
        told.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in head.items()],
        "client": ("203.0.113.7", 50_000),
        "server": ("127.0.0.1", 8000),
    }
    await app(scope, receive, send)
    return int(told[0]["status"]), read


@pytest.mark.flaw("osTicket CVE-2023-30082")
@pytest.mark.asvs("V6.3.1")
async def test_no_form_is_read_whose_head_says_ten_megabytes() -> None:
    """Signing in, resets, first passwords, signing up, the console, tokens, and programs' calls."""
    stage = Stage(answers=answers())
    app, tried = edge(stage), 0
    for host, routes in DOORS:
        for route in routes:
            if method_of(route) != "POST" or route.path in WITH_FILES:
                continue
            told = await sent(app, host, address_of(route), FORM, said=True)
            # Who is not signed in is told so first, and nothing of theirs is read either.
            assert told in ((413, 0), (303, 0), (401, 0)), route.path
            tried += told[0] == 413
    assert await sent(app, "acme.localhost:8000", "/rpc", "application/json", said=True) == (413, 0)
    assert tried > 60
    assert stage.calls == []


@pytest.mark.flaw("osTicket CVE-2023-30082")
@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("acme.localhost:8000", "/desk/sign-in"),
        ("acme.localhost:8000", "/sign-in"),
        ("acme.localhost:8000", "/reset/a-token"),
        ("acme.localhost:8000", "/welcome/a-token"),
        ("localhost:8000", "/sign-up"),
        ("ops.localhost:8000", "/sign-in"),
        ("acme.localhost:8000", "/rpc"),
        ("acme.localhost:8000", "/desk/tickets/4821/notes"),
    ],
)
async def test_what_does_not_say_its_length_is_cut_off_where_a_form_ends(host: str, path: str) -> None:
    stage = Stage(answers=answers())
    media = "application/json" if path == "/rpc" else FORM
    status, read = await sent(edge(stage), host, path, media, said=False)
    assert status == 413
    assert read <= 1_200_000
    assert stage.calls == []
