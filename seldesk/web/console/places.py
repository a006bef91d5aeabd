"""Clusters and data centres, backups and restores, mail: how what customers stand on is."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rpc
from seldesk.methods.console import ops_backups, ops_clusters, ops_mail
from seldesk.methods.console.ops_mail import MailPage
from seldesk.web.console import charts
from seldesk.web.console.charts import Columns
from seldesk.web.console.overview import picture_of_ages
from seldesk.web.credential import call_of
from seldesk.web.form import Form
from seldesk.web.render import page
from seldesk.web.routes import query_of

CLUSTERS, MAIL = "/clusters", "/mail"


async def clusters(request: Request) -> Response:
    shown = await call_of(request)(ops_clusters.page)
    return page(request, "console/clusters.html", frame=shown.frame, shown=shown, share=charts.share)


async def place(request: Request, form: Form) -> Response:
    await call_of(request).form(ops_clusters.place, form.only("state"), cluster=request.path_params["slug"][:100])
    return RedirectResponse(CLUSTERS, 303)


async def backups(request: Request) -> Response:
    shown = await call_of(request)(ops_backups.page)
    return page(request, "console/backups.html", frame=shown.frame, shown=shown, ages=picture_of_ages(shown.ages))


async def mail(request: Request) -> Response:
    try:
        shown = await call_of(request).form(ops_mail.page, query_of(request, "cursor"))
    except rpc.Invalid:
        return RedirectResponse(MAIL, 303)
    return page(request, "console/mail.html", frame=shown.frame, shown=shown, ages=_picture(shown))


def _picture(shown: MailPage) -> Columns:
    figures, before = [], 0
    for one in shown.ages:
        words = f"{_span(before)} to {_span(one.minutes)}" if one.minutes else f"{_span(before)} and more"
        look = "good" if before < 60 else "warned" if before < 240 else "late"
        figures.append((words, one.customers, _span(one.minutes) if one.minutes else "longer", look))
        before = one.minutes or before
    waiting = sum(one.customers for one in shown.ages)
    return charts.columns(figures, f"{waiting} customers have mail that waits, by how long the oldest of it does")


def _span(minutes: int) -> str:
    return f"{minutes // 60} h" if minutes >= 60 else f"{minutes} min"
