"""Attachments: a page leads to a short-lived link, and the host of files answers it."""

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.desk import attachments
from seldesk.web.credential import call_of
from seldesk.web.routes import id_of

# What no browser runs. Everything else goes out as bytes without a meaning.
HARMLESS = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"}


async def link(request: Request) -> Response:
    return RedirectResponse(await call_of(request)(attachments.link, id_of(request)), 303)


async def download(request: Request) -> Response:
    file = await call_of(request)(attachments.download, request.path_params["token"])
    kind = file.type.partition(";")[0].strip().lower()
    return Response(
        file.content,
        media_type=kind if kind in HARMLESS else "application/octet-stream",
        headers={
            "Content-Disposition": disposition(file.name),
            "Content-Security-Policy": "default-src 'none'; sandbox",
            # Pictures of a mail are shown in a frame that belongs to no site at all.
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": "private, max-age=300",
        },
    )


def disposition(name: str) -> str:
    """Always a download (RFC 6266): a plain name for old programs, the true one after RFC 5987 for the rest."""
    clean = "".join(letter for letter in name if letter.isprintable() and letter not in "/\\").strip(" .")
    clean = clean[:200] or "file"
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", clean)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"
