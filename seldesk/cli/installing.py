"""Setting an installation up, and looking after it."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import orm
from orm.migrate import Report
from seldesk.app import installation
from seldesk.app.build import Application
from seldesk.app.command import settings, with_application
from seldesk.app.doctor import Finding, examine
from seldesk.app.migrating import PATIENCE, migrate_all
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
    async def work(app: Application) -> Report:
        if superuser:
            await _prepare_others(app, superuser)
        revisions = installation.desk_revisions()
        return await migrate_all(app, revisions, canaries=canary, at_once=at_once, tolerated=tolerated, patience=wait)

    chosen = settings()
    with database(chosen) as found:
        if superuser:
            where, password = chosen.database, os.environ.get("PGPASSWORD", "")
            found = replace(found, superuser=orm.Address(where.host, where.port, "postgres", superuser, password))
        asyncio.run(installation.prepare(chosen, found.setup))
    report = with_application(work)
    table = Table("customer", "from", "to", "seconds", "error")
    for one in report.outcomes:
        table.add_row(one.target, one.before, one.after, f"{one.seconds:.2f}", one.error or "")
    Console(markup=False).print(table)
    if report.failed:
        fail(f"{len(report.failed)} of {len(report.outcomes)} customers were not migrated. Run it again.")


async def _prepare_others(app: Application, superuser: str) -> None:
    """Bring the templates of all clusters but the first to this version."""
    for name, where in app.fleet.all().items():
        if name != "main":
            address = orm.Address(where.host, where.port, "postgres", superuser, os.environ.get("PGPASSWORD", ""))
            await installation.prepare_another(app.settings, address)


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
