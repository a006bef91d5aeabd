import asyncio
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.command import with_application
from seldesk.cli import fail
from seldesk.methods.console import ops_people
from seldesk.methods.control import customers, endings, leases, moves, plan_limits, rotations
from seldesk.methods.control.customers import CustomerRow, Plan
from seldesk.methods.control.endings import Erasing
from seldesk.methods.control.leases import Progress
from seldesk.methods.desk import mailboxes, people

PROVISIONED_WITHIN = 60.0
WHEN = {"clean-up": "at the next clean-up", "asked": "within 30 days", "at once": "within a minute"}
console = Console(stderr=True)
customer = App(name="customer")
customer.command("seldesk.cli.archives:export", name="export", help="Write all that a customer has into a file.")
customer.command("seldesk.cli.archives:read_in", name="import", help="Make a customer of another one's export.")


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
        await app.program(Kind.COMMAND)(
            customers.create,
            slug=slug,
            name=name,
            plan=plan,
            country=country,
            primary_name=owner_name,
            primary_email=owner,
        )
        await until_active(app, slug)
        at_the_door = app.program(Kind.COMMAND, slug)
        address = f"support@{app.addresses.mail_domain(slug)}"
        await at_the_door(mailboxes.create, address=address, name=name)
        issued = await at_the_door(people.invite, email=owner, name=owner_name, role="owner")
        return issued.secret

    link = with_application(work)
    print(link)  # noqa: T201 - the command's answer


async def until_active(app: Application, slug: str) -> None:
    """Wait for the provisioner, and say what it does."""
    with console.status("waiting for the provisioner") as status:
        try:
            async with asyncio.timeout(PROVISIONED_WITHIN):
                while (row := await _progress(app, slug)).state != "active":
                    status.update(f"{row.state}: {escape(row.error) or row.step or 'waiting for the provisioner'}")
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
    Console(markup=False).print(table)


@customer.command(name="suspend")
def customer_suspend(slug: str, reason: str) -> None:
    """Make a customer read-only; the reason stands on each of its pages."""
    with_application(lambda app: app.program(Kind.COMMAND)(endings.suspend, slug=slug, reason=reason))


@customer.command(name="reactivate")
def customer_reactivate(slug: str) -> None:
    """End a suspension, or take back a termination before the data is erased."""
    with_application(lambda app: app.program(Kind.COMMAND)(endings.reactivate, slug=slug))


@customer.command(name="plan")
def customer_plan(slug: str, plan: Plan) -> None:
    """Give a customer another plan. What the end of a trial has closed is open again; a trial begins anew."""
    with_application(lambda app: app.program(Kind.COMMAND)(plan_limits.change, slug=slug, plan=plan))


@customer.command(name="terminate")
def customer_terminate(
    slug: str,
    *,
    erase: Annotated[Erasing, Parameter(help="at the clean-up, within 30 days as asked for, or at once")] = "clean-up",
) -> None:
    """Close a customer: nothing of it can be reached any more, and the data is erased in time."""
    erased_at = with_application(lambda app: app.program(Kind.COMMAND)(endings.terminate, slug=slug, erasing=erase))
    console.print(f"{slug} is closed; its data is erased on {erased_at:%Y-%m-%d at %H:%M} UTC.", highlight=False)


@customer.command(name="erase-person")
def customer_erase_person(
    slug: str,
    email: str,
    *,
    name: Annotated[str, Parameter(help="theirs, as it stands there: a second look at who it is")],
    reason: Annotated[str, Parameter(help="why it is no owner who does it; the customer reads it, so no name")],
    reference: Annotated[str, Parameter(help="of the request or the order")],
    erase: Annotated[Erasing, Parameter(help="at the clean-up, within 30 days as asked for, or at once")] = "asked",
) -> None:
    """Have what is known of one person at a customer erased, where no owner there can or does."""
    person = with_application(
        lambda app: app.program(Kind.COMMAND)(
            ops_people.erase, slug=slug, email=email, name=name, reason=reason, reference=reference, erasing=erase
        )
    )
    console.print(f"{person} at {slug} is closed, and is erased {WHEN[erase]}.", highlight=False)


@customer.command(name="move")
def customer_move(
    slug: str,
    target: str,
    *,
    notice: Annotated[int, Parameter(help="for how many minutes its agents are told before")] = 10,
) -> None:
    """Move a customer to another cluster. Its doors close while it is copied, and it is said until when at most."""

    async def work(app: Application) -> Progress:
        command = app.program(Kind.COMMAND)
        await command(moves.ask, slug=slug, cluster=target, notice=notice)
        return await _over(app, slug)

    progress = with_application(work)
    if progress.error:
        fail(f"{slug} is where it was: {progress.error}")
    console.print(f"{slug} is on {target} now. What it left behind is closed, and dropped within a week.")


@customer.command(name="rotate")
def customer_rotate(
    slug: str,
    *,
    content_key: Annotated[
        bool, Parameter(help="instead a new key for files, which are all sealed anew: that takes minutes", negative="")
    ] = False,
) -> None:
    """Give a customer's database roles new passwords and end their sessions: when somebody may have got hold of one."""

    async def work(app: Application) -> Progress:
        await app.program(Kind.COMMAND)(rotations.ask, slug=slug, what="content-key" if content_key else "passwords")
        return await _over(app, slug)

    progress = with_application(work)
    if progress.error:
        fail(progress.error)


@customer.command(name="reset-factors")
def customer_reset_factors(slug: str, email: str) -> None:
    """Remove all second factors of somebody who has lost them, such as an only owner. They are told by mail."""

    async def work(app: Application) -> int:
        return await app.program(Kind.COMMAND, slug)(people.reset_factors, email=email)

    removed = with_application(work)
    console.print(f"{removed} removed. The password of {email} leads in again, and their sessions and tokens are over.")


async def _over(app: Application, slug: str) -> Progress:
    """Wait until the provisioner has done what was asked for, and say what it does."""
    with console.status("waiting for the provisioner") as status:
        while not (progress := await app.program(Kind.COMMAND)(leases.read, slug=slug)).over:
            closed = f", closed until {progress.back_at:%H:%M:%S} UTC at the latest" if progress.back_at else ""
            status.update(
                f"{progress.kind}: {escape(progress.error) or progress.step or 'waiting for the provisioner'}{closed}"
            )
            await asyncio.sleep(0.2)
    return progress
