"""A customer's data as one file, and a customer made of such a file."""

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.command import with_application
from seldesk.app.exporting import export_to
from seldesk.app.importing import Import, check
from seldesk.archive import BadArchive, opened
from seldesk.cli import fail
from seldesk.cli.customers import console, until_active
from seldesk.jobs.downloads import Progress
from seldesk.methods.control import imports
from seldesk.methods.desk import people


def export(slug: str, file: Path) -> None:
    """Write all that a customer has into a new file, readable as it is: keep it well. Its owners are told."""

    async def work(app: Application) -> Progress:
        return await export_to(app, slug, file)

    made = with_application(work)
    console.print(f"{made.made} rows and files of {slug} are in {file}.", highlight=False)


def read_in(
    file: Path,
    *,
    slug: Annotated[str, Parameter(name="--as", help="its address from now on")],
    owner: Annotated[str, Parameter(help="the mail address of an owner, who may be a new one")],
    owner_name: str = "Owner",
) -> None:
    """Make a new customer of an export; ends with a one-time link by which that owner sets a password.

    All others set theirs by a mailed link. Needs the provisioner's key, and a provisioner that runs.
    """

    async def work(app: Application) -> str:
        with opened(file) as archive:
            console.print("Looking through it.")
            checked = await asyncio.to_thread(check, archive)
            # Whoever has their mail comes in there: a hidden one among them is seen here or never.
            console.print(f"Its owners: {', '.join(sorted(checked.owners)) or 'nobody'}", highlight=False, markup=False)
            address = owner.strip().lower()
            if address in checked.others:
                raise BadArchive(
                    f"{owner} works there and is no owner any more or yet. Name an owner, or somebody new."
                )
            said = archive.manifest.customer
            customer = await app.program(Kind.COMMAND)(
                imports.begin, slug=slug, name=said.name, plan=said.plan, country=said.country, primary_email=owner
            )
            await until_active(app, customer.slug)
            await Import(app, archive, checked, customer).run()
        console.print(f"{checked.rows} rows and {checked.files} files are in {slug} now.", highlight=False)
        name = checked.owners.get(address, owner_name)
        issued = await app.program(Kind.COMMAND, customer.slug)(people.invite, email=owner, name=name, role="owner")
        return issued.secret

    try:
        link = with_application(work)
    except BadArchive as error:
        fail(str(error))
    print(link)  # noqa: T201 - the command's answer
