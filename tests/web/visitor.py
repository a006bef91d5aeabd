"""A browser without pictures: it keeps cookies, says where its requests come from, and knows its forms."""

import re
from collections.abc import Mapping
from typing import Any

import httpx2
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.web.stage import LINK, SESSION
from tests.web.story import id_of

FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
SAMPLES = {"number": "4821", "id": str(id_of("m1")), "token": "a-token", "version": "v", "path": "icon.svg"}
SAMPLES |= {"slug": "acme", "kind": "tidy"}


class Visitor(httpx2.AsyncClient):
    def __init__(
        self,
        app: ASGIApp,
        host: str = "acme.localhost:8000",
        *,
        scheme: str = "http",
        address: str = "203.0.113.7",
        known: bool = True,
    ) -> None:
        prefix = "" if scheme == "http" else "__Host-"
        super().__init__(
            transport=httpx2.ASGITransport(app, client=(address, 50_000)),
            base_url=f"{scheme}://{host}",
            cookies={f"{prefix}session": SESSION, f"{prefix}request": LINK} if known else {},
        )

    async def form_token(self, path: str) -> str:
        """What a form on this page carries."""
        found = FORM_TOKEN.search((await self.get(path)).text)
        assert found, f"no form on {path}"
        return found[1]

    async def submit(
        self, page: str, path: str, fields: Mapping[str, Any] | None = None, **options: Any
    ) -> httpx2.Response:
        """Send a form that stands on `page`."""
        data = {"form_token": await self.form_token(page), **(fields or {})}
        headers = FROM_OUR_PAGE | options.pop("headers", {})
        return await self.post(path, data=data, headers=headers, **options)


def address_of(route: Route) -> str:
    """An address that this route answers."""
    return re.sub(r"\{(\w+)(?::path)?\}", lambda found: SAMPLES[found[1]], route.path)


def method_of(route: Route) -> str:
    return "POST" if "POST" in (route.methods or ()) else "GET"
