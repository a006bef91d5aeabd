"""What opens the customers' own keys."""

import asyncio
import base64

from cyclopts import App

from seldesk.app.build import backup_identities, content_keys
from seldesk.app.stores import manifest_public
from seldesk.cli.application import settings
from seldesk.cli.customers import console

keys = App(name="keys")


@keys.command(name="public")
def keys_public() -> None:
    """What copies are checked with where the key that signs them may not lie: secrets.manifest_public."""
    console.print(base64.b64encode(manifest_public(settings())).decode())


@keys.command(name="rewrap")
def keys_rewrap() -> None:
    """After a master key was changed: wrap each customer's keys with the new one. Then the former one can go."""
    chosen = settings()

    async def work() -> tuple[int, int]:
        return await content_keys(chosen).rewrap(), await backup_identities(chosen).rewrap()

    contents, backups = asyncio.run(work())
    console.print(f"Wrapped anew: {contents} content keys, {backups} backup identities.")
