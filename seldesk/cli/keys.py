"""What opens the customers' own keys."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from cyclopts import App

from rpc import Kind
from seldesk.app.build import Application, backup_identities, content_keys
from seldesk.app.command import settings, with_application
from seldesk.app.stores import manifest_public
from seldesk.cli.customers import console
from seldesk.methods.control import leases

keys = App(name="keys")


@keys.command(name="public")
def keys_public() -> None:
    """What copies are checked with where the key that signs them may not lie: secrets.manifest_public."""
    console.print(base64.b64encode(manifest_public(settings())).decode())


@keys.command(name="rewrap")
def keys_rewrap() -> None:
    """After a master key was changed: wrap each customer's keys with the new one. Then the former one can go."""

    async def work(app: Application) -> tuple[int, int]:
        @asynccontextmanager
        async def alone(customer: UUID) -> AsyncIterator[None]:
            """Busy while a customer's key is changed or destroyed: the command is to be run again then."""
            # Of the kinds that wait for all others, this one is forgotten when the command dies.
            control = app.program(Kind.JOB)
            fence = await control(leases.take, customer=customer, kind="migrate")
            try:
                yield
            finally:
                await control(leases.release, customer=customer, kind="migrate", fence=fence)

        return await content_keys(app.settings).rewrap(alone), await backup_identities(app.settings).rewrap(alone)

    contents, backups = with_application(work)
    console.print(f"Wrapped anew: {contents} content keys, {backups} backup identities.")
