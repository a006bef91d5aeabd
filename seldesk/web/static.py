"""Own and third-party css, js, fonts and icons, under an address that changes whenever one of them does."""

from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

FOREVER = "public, max-age=31536000, immutable"


class Static:
    def __init__(self, folder: Path, *, development: bool) -> None:
        self._files = StaticFiles(directory=folder)
        self._version = _version(folder)
        self._development = development

    @property
    def address(self) -> str:
        return f"/static/{self._version}"

    def route(self) -> Route:
        return Route("/static/{version}/{path:path}", self._serve)

    async def _serve(self, request: Request) -> Response:
        response = await self._files.get_response(request.path_params["path"], request.scope)
        # While versions are exchanged, a page of another one may ask here: it is served, but not kept.
        current = request.path_params["version"] == self._version and not self._development
        response.headers["Cache-Control"] = FOREVER if current else "no-cache"
        return response


def _version(folder: Path) -> str:
    digest = sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
