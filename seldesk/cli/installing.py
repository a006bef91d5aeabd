"""Setting an installation up, and looking after it."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from seldesk.app import installation
from seldesk.app.command import set_up_by, settings, with_application
from seldesk.app.doctor import Finding, examine
from seldesk.app.migrating import PATIENCE, migrate_all, prepare_others
from seldesk.app.running import database
from seldesk.cli import fail


def migrate(
    *,
    superuser: Annotated[
        str, Parameter(help="who may set up clusters that are not embedded; the password is taken from PGPASSWORD")
    ] = "",
    canary: Annotated[
        Sequence[str], Parameter(help="customers that go first; no other is begun if one of them fails")
    ] = (),
    at_once: Annotated[int, Parameter(help="how many customers are migrated side by side after them")] = 8,
    tolerated: Annotated[
        float, Parameter(help="the share of customers that may fail before no further one is begun")
    ] = 0.05,
    wait: Annotated[
        float, Parameter(help="for how many seconds a copy or the like is waited for that is under way with a customer")
    ] = PATIENCE,
) -> None:
    chosen = settings()
    with database(chosen) as found:
        asyncio.run(installation.prepare(chosen, set_up_by(superuser, found, chosen).setup))
    if superuser:
        with_application(lambda app: prepare_others(app, superuser))
    revisions = installation.desk_revisions()
    report = with_application(
        lambda app: migrate_all(app, revisions, canaries=canary, at_once=at_once, tolerated=tolerated, patience=wait)
    )
    table = Table("customer", "from", "to", "seconds", "error")
    for one in report.outcomes:
        table.add_row(one.target, one.before, one.after, f"{one.seconds:.2f}", one.error or "")
    Console(markup=False).print(table)
    if report.failed:
        fail(f"{len(report.failed)} of {len(report.outcomes)} customers were not migrated. Run it again.")


def _told(finding: Finding) -> str:
    return escape(finding.text) + (f"\n[bold]{escape(finding.advice)}[/]" if finding.advice else "")


def doctor() -> None:
    chosen = settings()
    with database(chosen) as found:
        findings = asyncio.run(examine(chosen, found))
    table = Table("check", "", "finding")
    for finding in findings:
        table.add_row(finding.check, "[green]good[/]" if finding.good else "[red]bad[/]", _told(finding))
    Console().print(table)
    if not all(finding.good for finding in findings):
        sys.exit(1)
