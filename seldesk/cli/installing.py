"""Setting an installation up, and looking after it."""

import asyncio
import os
import sys
from dataclasses import replace
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

import orm
from seldesk.app import installation
from seldesk.app.doctor import examine
from seldesk.app.running import database
from seldesk.cli import fail
from seldesk.cli.application import settings


def migrate(
    *,
    superuser: Annotated[
        str, Parameter(help="who may set up a cluster that is not embedded; the password is taken from PGPASSWORD")
    ] = "",
) -> None:
    chosen = settings()
    with database(chosen) as found:
        if superuser:
            where, password = chosen.database, os.environ.get("PGPASSWORD", "")
            found = replace(found, superuser=orm.Address(where.host, where.port, "postgres", superuser, password))
        asyncio.run(installation.prepare(chosen, found.setup))
        report = asyncio.run(installation.migrate_customers(installation.provisioner(chosen, found.cluster)))
    table = Table("database", "from", "to", "seconds", "error")
    for one in report.outcomes:
        table.add_row(one.target, one.before, one.after, f"{one.seconds:.2f}", one.error or "")
    Console().print(table)
    if report.failed:
        fail(f"{len(report.failed)} of {len(report.outcomes)} databases were not migrated. Run it again.")


def doctor() -> None:
    chosen = settings()
    with database(chosen) as found:
        findings = asyncio.run(examine(chosen, found))
    table = Table("check", "", "finding")
    for finding in findings:
        table.add_row(finding.check, "[green]good[/]" if finding.good else "[red]bad[/]", finding.text)
    Console().print(table)
    if not all(finding.good for finding in findings):
        sys.exit(1)
