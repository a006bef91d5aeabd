"""What Prometheus reads, at an address of its own that is not the public one."""

import hmac
from collections.abc import Callable, Iterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

import rpc
from seldesk.methods.control import coverage, watching
from seldesk.methods.control.coverage import Figures
from seldesk.methods.control.watching import Backlog, Mailboxes

TYPE = "text/plain; version=0.0.4; charset=utf-8"
Gauge = tuple[str, str, int | float]


def metrics(process: Callable[[], bytes], control: rpc.Call | None, token: str = "") -> ASGIApp:
    """One page: what the process counts of itself and, where control is given, what the control database knows. With
    a token it answers those who show it.
    """

    async def page(request: Request) -> Response:
        shown = request.headers.get("authorization", "").encode()
        if token and not hmac.compare_digest(shown, f"Bearer {token}".encode()):
            return PlainTextResponse("A token is needed.\n", 401, {"WWW-Authenticate": "Bearer"})
        lines = "".join(f"{line}\n" for gauge in await _known(control) for line in _lines(gauge))
        return PlainTextResponse(process() + lines.encode(), media_type=TYPE)

    return Starlette(routes=[Route("/metrics", page, methods=["GET"])])


async def _known(control: rpc.Call | None) -> list[Gauge]:
    if control is None:
        return []
    says = "Whether the control database answers."
    try:
        found = [
            *_covered(await control(coverage.figures)),
            *_waiting(await control(watching.figures)),
            *_mailed(await control(watching.mailboxes)),
        ]
    except rpc.Error:
        return [("control_up", says, 0)]
    return [("control_up", says, 1), *found]


def _covered(figures: Figures) -> Iterator[Gauge]:
    tested = figures.restored_at.timestamp() if figures.restored_at else 0
    yield "customers", "Customers that exist.", figures.customers
    yield "backup_worst_age_seconds", "Age of the newest good copy of whoever is worst covered.", figures.worst_age
    yield "backup_over_14_hours", "Databases without a good copy for 14 hours.", figures.warned
    yield "backup_over_18_hours", "Databases without a good copy for 18 hours.", figures.late
    yield "backup_copies", "Copies that are whole in all stores.", figures.good
    yield "backup_half_copies", "Databases whose newest copy lies in one store only.", figures.half
    yield "backup_damaged_copies", "Copies that a store has lost or changed.", figures.damaged
    yield "backup_restore_tested_seconds", "Unix time of the newest good test of restoring.", int(tested)
    yield "restore_tests_failed", "Tests of restoring that failed, and no better one since.", figures.failed_tests
    yield "restores_waiting", "Restores that wait in their queue, or are under way.", figures.restores
    yield "operations_waiting", "Operations with customers that wait or are under way.", figures.queue
    yield "alerts", "What checks have found and a person must look at.", figures.alerts


def _waiting(backlog: Backlog) -> Iterator[Gauge]:
    anchored = backlog.anchored_at.timestamp() if backlog.anchored_at else 0
    yield "outboxes_due", "Customers whose outgoing mail is due.", backlog.outboxes
    yield "outbox_oldest_seconds", "For how long the oldest of them is due.", backlog.outbox_age
    yield "jobs_waiting", "Jobs of the operator that are due.", backlog.jobs
    yield "job_oldest_seconds", "Since when the oldest of them was asked for.", backlog.job_age
    yield "letters_waiting", "Letters of the operator that wait.", backlog.letters
    yield "letters_given_up", "Letters of the operator that no relay took.", backlog.letters_given_up
    yield "standbys_away", "Standbys of clusters that are not connected.", backlog.standbys_away
    yield "standby_behind_bytes", "Log that the worst of them has still to write down.", backlog.standby_bytes
    yield "audit_anchored_seconds", "Unix time at which ends of chains were last put down.", int(anchored)


def _mailed(mail: Mailboxes) -> Iterator[Gauge]:
    measured = mail.measured_at.timestamp() if mail.measured_at else 0
    yield "mailboxes", "Mailboxes of all customers.", mail.mailboxes
    yield "mailboxes_failing", "Mailboxes with mails of this week that could not be read.", mail.failing
    yield "mails_unread", "Mails of this week that could not be read.", mail.unread
    yield "mails_waiting", "Mails of customers that wait to leave.", mail.waiting
    yield "mails_refused", "Those of them that the relay has refused before.", mail.refused
    yield "mails_given_up", "Mails of customers that were given up this week.", mail.failed
    yield "addresses_bounced", "Addresses whose mail came back this week.", mail.bounced
    yield "mailboxes_measured_seconds", "Unix time at which the newest of these was measured.", int(measured)


def _lines(gauge: Gauge) -> Iterator[str]:
    name, says, value = gauge
    yield f"# HELP seldesk_{name} {says}"
    yield f"# TYPE seldesk_{name} gauge"
    yield f"seldesk_{name} {value}"
