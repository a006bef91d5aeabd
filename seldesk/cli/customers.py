import asyncio
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from rpc import Kind
from seldesk.app.build import Application
from seldesk.cli import fail
from seldesk.cli.application import with_application
from seldesk.methods.control import customers
from seldesk.methods.control.customers import CustomerRow, Plan
from seldesk.methods.desk import mailboxes, people

PROVISIONED_WITHIN = 60.0
console = Console(stderr=True)
customer = App(name="customer")


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
