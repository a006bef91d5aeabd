"""Incidents that concerned this helpdesk, and their reports, as a document and as a PDF."""

import asyncio
import re
from importlib import import_module

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seldesk.methods.control.incident_reports import Report
from seldesk.methods.desk import reports
from seldesk.web.attachments import disposition
from seldesk.web.credential import call_of
from seldesk.web.errors import MENDABLE
from seldesk.web.filled import BLANK, Filled
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import id_of
from seldesk.web.settings.report_words import facts_of, parts_of
from seldesk.web.visit import visit_of

HERE, WRITER = "/settings/incidents", "seldesk.web.settings.report_pdf"
# It can do nothing, wherever it is opened.
POLICY = "default-src 'none'; sandbox; style-src 'unsafe-inline'"


async def incidents(request: Request) -> Response:
    return await _page(request)


async def ask(request: Request, _: Form) -> Response:
    try:
        await call_of(request)(reports.ask, id_of(request))
    except MENDABLE as error:
        return await _page(request, Filled.refused(error))
    return RedirectResponse(f"{HERE}?asked=yes", 303)


async def document(request: Request) -> Response:
    report = await call_of(request)(reports.read, id_of(request))
    made = visit_of(request).edge.pages.get_template("settings/incidents/report.html")
    text = made.render(report=report, facts=facts_of(report), parts=parts_of(report))
    return Response(text, media_type="text/html", headers=_headers(report, "html"))


async def pdf(request: Request) -> Response:
    report = await call_of(request)(reports.read, id_of(request))
    # Loaded when somebody wants one: what writes PDFs is large, and every process would hold it.
    content = await asyncio.to_thread(import_module(WRITER).written, report)
    return Response(content, media_type="application/pdf", headers=_headers(report, "pdf"))


def _headers(report: Report, kind: str) -> dict[str, str]:
    name = re.sub(r"[^A-Za-z0-9]+", "-", report.title).strip("-").lower()[:60] or "incident"
    told = disposition(f"{report.began_at:%Y-%m-%d}-{name}.{kind}")
    return {"Content-Disposition": told, "Content-Security-Policy": POLICY}


async def _page(request: Request, filled: Filled = BLANK) -> Response:
    shown = await call_of(request)(reports.page)
    asked = bool(request.query_params.get("asked"))
    return page(
        request,
        "settings/incidents/incidents.html",
        **filled.said,
        panel=shown.panel,
        shown=shown,
        asked=asked,
    )
