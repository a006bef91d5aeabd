"""What tests of copies share: copies made as the provisioner's process makes them, and where they lie."""

import json
from pathlib import Path
from typing import Any

from rpc import Kind
from seldesk.app.build import Application
from seldesk.app.copying import Copier
from seldesk.jobs.provision import Provisioner
from seldesk.methods.control import alerts, copies
from seldesk.methods.control.copies import CopyRow
from seldesk.surroundings import OPERATOR
from tests.storage.s3 import CREDENTIALS

CONTROL = OPERATOR.id


async def copy(app: Application, slug: str = "acme", *, programs: Path | None = None) -> list[CopyRow]:
    """Asked for and made; all copies and attempts, newest first. slug "" is the control database."""
    await app.program(Kind.COMMAND)(copies.ask, slug=slug)
    await work(app, programs=programs)
    return await listed(app, slug)


async def listed(app: Application, slug: str = "acme") -> list[CopyRow]:
    return await app.program(Kind.COMMAND)(copies.list, slug=slug)


async def due(app: Application) -> int:
    """Asks for the copies whose time has come, as the schedule does."""
    return await app.program(Kind.JOB)(copies.ask_for_due)


async def work(app: Application, *, programs: Path | None = None) -> None:
    """What is asked for."""
    await Provisioner(app.program(Kind.JOB), {"copy": Copier(app, programs).copy}).work()


async def standing(app: Application) -> list[tuple[str, str]]:
    """Alerts about copies: of whom, and what."""
    found = await app.program(Kind.COMMAND)(alerts.list)
    return [(one.subject, one.detail) for one in found if one.check == copies.CHECK]


def stored(app: Application) -> list[list[str]]:
    """Names of what lies in each store of copies that is a folder, half-written files included."""
    return [
        sorted(path.relative_to(store).as_posix() for path in (Path(store) / "copies").rglob("*") if path.is_file())
        for store in app.settings.stores
        if "://" not in store
    ]


def at(*stores: str) -> dict[str, Any]:
    """Settings: these stores, and little patience with them."""
    secrets = [CREDENTIALS] * len(stores)
    return {
        "SELDESK_STORES": json.dumps(stores),
        "SELDESK_SECRETS__STORES": json.dumps(secrets),
        "SELDESK_BACKUPS__STORE_SECONDS": "1",
    }
