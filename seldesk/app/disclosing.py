"""Handing a customer's data over to an authority: what was recorded decides, and is written down first."""

import asyncio
import hashlib
from pathlib import Path
from uuid import UUID

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.exporting import export_to
from seldesk.jobs.downloads import Progress
from seldesk.methods.control import disclosures


async def disclose(app: Application, disclosure: UUID, path: Path) -> Progress:
    """Owners are told of the export, unless a bar that stands forbids it."""
    command = app.program(Kind.COMMAND)
    allowed = await command(disclosures.begin, disclosure=disclosure)
    progress = await export_to(app, allowed.slug, path, told=not allowed.barred)
    digest = await asyncio.to_thread(_digest, path)
    await command(disclosures.exported, disclosure=disclosure, sha256=digest)
    return progress


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
