"""The command line."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

import orm
import rpc
from orm.embedded import EmbeddedError
from orm.migrate import Report
from rpc import Kind
from seldesk import fleet_commands as fleet
from seldesk.app import doctor, installation
from seldesk.app.build import Application, NotReady
from seldesk.app.migrating import migrate_all
from seldesk.app.running import child, database
from seldesk.app.serve import Part, until_told
from seldesk.app.serve import provision as make_databases
from seldesk.app.serve import serve as serve_parts
from seldesk.demo.command import demo as demo_command
from seldesk.methods.control import customers
from seldesk.methods.control.customers import CustomerRow, Plan
from seldesk.methods.desk import mailboxes, people, tokens
from seldesk.settings import SettingsError
from seldesk.terminal import console, fail, settings, with_application

FAILURES = (NotReady, SettingsError, EmbeddedError, orm.Error, rpc.Error, OSError)
PROVISIONED_WITHIN = 60.0
seldesk = App(name="seldesk", help="A helpdesk that gives every customer a database of its own.")
customer = App(name="customer", help="The organisations that are served.")
token = App(name="token", help="Keys for programs.")
fleet.extend(customer)
seldesk.command(customer)
seldesk.command(fleet.cluster)
seldesk.command(fleet.keys)
seldesk.command(token)


def main() -> None:
    """Errors that an operator can mend are a sentence, and exit status 1."""
    try:
        seldesk()
    except FAILURES as error:
        fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


@seldesk.command
def serve() -> None:
    """Everything on one machine: web, worker, schedule and mail, and the provisioner as a child."""
    chosen = settings()
    with database(chosen) as found:
        if chosen.database.embedded:
            asyncio.run(installation.prepare(chosen, found.setup))
        with child("provision", {"SELDESK_DATABASE__EMBEDDED": "true"}):
            _run_parts(("web", "worker", "mail"))


@seldesk.command
def web() -> None:
    """Pages and /rpc."""
    _run_parts(("web",))


@seldesk.command
def worker() -> None:
    """Outgoing mail and scheduled jobs."""
    _run_parts(("worker",))


@seldesk.command
def mail() -> None:
    """The receiver of incoming mail."""
    _run_parts(("mail",))


@seldesk.command
def provision() -> None:
    """Makes the databases of new customers. The only process that needs the provisioner's key."""

    async def work(app: Application) -> None:
        await until_told(asyncio.create_task(make_databases(app)))

    with_application(work)


def _run_parts(parts: tuple[Part, ...]) -> None:
    async def work(app: Application) -> None:
        await until_told(asyncio.create_task(serve_parts(app, parts)))

    with_application(work)


@seldesk.command
def migrate(*, superuser: str = "", canary: Sequence[str] = (), at_once: int = 8, tolerated: float = 0.05) -> None:
    """Bring the control database, the templates and every customer's database to this version.

    Parameters
    ----------
    superuser
        Who may set up clusters that are not embedded; the password is taken from PGPASSWORD.
    canary
        Customers that go first, one after another: no other is begun if one of them fails.
    at_once
        How many customers are migrated side by side after them.
    tolerated
        The share of customers that may fail before no further one is begun.
    """

    async def work(app: Application) -> Report:
        if superuser:
            await fleet.prepare_others(app, superuser)
        return await migrate_all(
            app, installation.desk_revisions(), canaries=canary, at_once=at_once, tolerated=tolerated
        )

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
    Console().print(table)
    if report.failed:
        fail(f"{len(report.failed)} of {len(report.outcomes)} customers were not migrated. Run it again.")


@seldesk.command(name="doctor")
def doctor_command() -> None:
    """Whether everything that Seldesk needs is there and fits together."""
    chosen = settings()
    with database(chosen) as found:
        findings = asyncio.run(doctor.examine(chosen, found))
    table = Table("check", "", "finding")
    for finding in findings:
        table.add_row(finding.check, "[green]good[/]" if finding.good else "[red]bad[/]", finding.text)
    Console().print(table)
    if not all(finding.good for finding in findings):
        sys.exit(1)


@customer.command(name="create")
def customer_create(
    slug: str,
    name: str,
    *,
    owner: Annotated[str, Parameter(help="the first owner's mail address")],
    owner_name: str = "Owner",
    plan: Plan = "trial",
    country: str = "DE",
) -> None:
    """Add a customer; ends with a one-time link by which its first owner sets a password."""

    async def work(app: Application) -> str:
        await app.program(Kind.COMMAND)(customers.create, slug=slug, name=name, plan=plan, country=country)
        await _active(app, slug)
        at_the_door = app.program(Kind.COMMAND, slug)
        address = f"support@{app.addresses.mail_domain(slug)}"
        await at_the_door(mailboxes.create, address=address, name=name)
        issued = await at_the_door(people.invite, email=owner, name=owner_name, role="owner")
        return issued.secret

    link = with_application(work)
    print(link)  # noqa: T201 - the command's answer


async def _active(app: Application, slug: str) -> None:
    """Wait for the provisioner, and say what it does."""
    with console.status("waiting for the provisioner") as status:
        try:
            async with asyncio.timeout(PROVISIONED_WITHIN):
                while (row := await _progress(app, slug)).state != "active":
                    status.update(f"{row.state}: {row.error or row.step or 'waiting for the provisioner'}")
                    await asyncio.sleep(0.2)
        except TimeoutError:
            fail(f"{slug} is asked for, but no provisioner has made it: is `seldesk provision` running?")
    await app.refresh()


async def _progress(app: Application, slug: str) -> CustomerRow:
    return await app.program(Kind.COMMAND)(customers.read, slug=slug)


@customer.command(name="list")
def customer_list() -> None:
    """All customers and how they are."""

    async def work(app: Application) -> list[CustomerRow]:
        return await app.program(Kind.COMMAND)(customers.list)

    table = Table("name", "organisation", "plan", "state", "since")
    for row in with_application(work):
        table.add_row(row.slug, row.name, row.plan, row.error or row.state, f"{row.created_at:%Y-%m-%d}")
    Console().print(table)


@token.command(name="create")
def token_create(slug: str, email: str, name: str) -> None:
    """Make a key with which a program acts as this agent at /rpc. It is shown this once."""

    async def work(app: Application) -> str:
        return (await app.program(Kind.COMMAND, slug)(tokens.create, email=email, name=name)).secret

    print(with_application(work))  # noqa: T201 - the command's answer


seldesk.command(demo_command, name="demo")
