"""The operator's own people."""

from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.command import with_application
from seldesk.methods.console import staff as methods
from seldesk.methods.console.staff import StaffRole, StaffRow

staff = App(name="staff")


@staff.command(name="add")
def staff_add(
    email: str,
    *,
    role: Annotated[list[StaffRole], Parameter(help="support, operations, security or billing; may be given again")],
    name: Annotated[str, Parameter(help="what colleagues read; else the address")] = "",
) -> None:
    """Add an account; ends with a one-time link that sets a password and a second factor."""

    async def work(app: Application) -> str:
        return await app.program(Kind.COMMAND)(methods.add, email=email, name=name or email, roles=role)

    print(with_application(work))  # noqa: T201 - the command's answer


@staff.command(name="list")
def staff_list() -> None:
    """All accounts, their roles, and whether they have a second factor."""

    async def work(app: Application) -> list[StaffRow]:
        return await app.program(Kind.COMMAND)(methods.list)

    table = Table("email", "name", "roles", "account", "signed in last")
    for row in with_application(work):
        account = "disabled" if row.disabled_at else "two factors" if row.enrolled_at else "waits for its link"
        last = f"{row.signed_in_at:%Y-%m-%d %H:%M}" if row.signed_in_at else "never"
        table.add_row(row.email, row.name, ", ".join(row.roles), account, last)
    Console(markup=False).print(table)


@staff.command(name="disable")
def staff_disable(email: str) -> None:
    """Nothing of this account works from now on: sessions and links are over at the next call."""
    with_application(lambda app: app.program(Kind.COMMAND)(methods.disable, email=email))


@staff.command(name="reset-factors")
def staff_reset_factors(email: str) -> None:
    """For who has lost a factor, or was disabled: forget password and factors, and print a new one-time link."""
    print(with_application(lambda app: app.program(Kind.COMMAND)(methods.reset_factors, email=email)))  # noqa: T201
