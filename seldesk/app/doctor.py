"""Whether everything that an installation needs is there and fits together."""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import orm
import rpc
from orm.provision.facts import server_facts
from rpc import Kind
from seldesk.app.budget import Budget
from seldesk.app.build import CONTROL_ROLE, NotReady, opened
from seldesk.app.installation import provisioner
from seldesk.app.running import Database
from seldesk.app.stores import separate
from seldesk.keyring import Name, Wrapping, master_key, program
from seldesk.methods.control import alerts, customers
from seldesk.settings import Settings, SettingsError

ROOM = 1_000_000_000
FAILURES = (NotReady, SettingsError, orm.Error, rpc.Error, OSError)


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    good: bool
    text: str


async def examine(settings: Settings, found: Database) -> list[Finding]:
    """Every check, also after one has failed."""
    checks: dict[str, Callable[[Settings, Database], Awaitable[str]]] = {
        "keys": _keys,
        "PostgreSQL": _server,
        "connections": _connections,
        "control database": _control,
        "alerts": _alerts,
        "stores": _stores,
        "mail": _mail,
    }
    findings = []
    for name, check in checks.items():
        try:
            findings.append(Finding(name, True, await check(settings, found)))
        except FAILURES as error:
            findings.append(Finding(name, False, str(error)))
    return findings


async def _keys(settings: Settings, found: Database) -> str:
    for name in get_args(Name):
        if not (name in get_args(Wrapping) and program(settings, name)):
            master_key(settings, name)
    return f"{', '.join(get_args(Name))}"


async def _server(settings: Settings, found: Database) -> str:
    facts = await server_facts(found.cluster.address(settings.database.control, CONTROL_ROLE))
    if facts.major != 18:
        raise SettingsError(f"PostgreSQL 18 is needed, this is {facts.major}.")
    return f"PostgreSQL {facts.version} at {found.cluster.host}:{found.cluster.port}"


async def _connections(settings: Settings, found: Database) -> str:
    """On each cluster."""
    budget, told, short = Budget.of(settings), [], False
    async with opened(settings, found.cluster) as app:
        for name, where in app.fleet.all().items():
            facts = await server_facts(provisioner(settings, where).address)
            needed, room = (
                budget.needed(with_control=name == "main"),
                facts.max_connections - facts.reserved_connections,
            )
            told.append(f"{needed} of {room} on {name}")
            short = short or needed > room
    sentence = f"{budget.processes} processes need up to {', '.join(told)} while rolling out"
    if short:
        raise SettingsError(f"{sentence}: lower database.ceiling or raise max_connections.")
    return f"{sentence}; {budget.customer_limit} for one customer"


async def _control(settings: Settings, found: Database) -> str:
    async with opened(settings, found.cluster) as app:
        rows = await app.program(Kind.COMMAND)(customers.list)
    unfinished = [row.slug for row in rows if row.state in ("requested", "provisioning", "purging")]
    if unfinished:
        raise SettingsError(f"Not finished: {', '.join(unfinished[:10])}. Is `seldesk provision` running?")
    served = [row for row in rows if row.state in ("active", "suspended")]
    return f"{len(served)} customers, and {len(rows) - len(served)} that have left"


async def _alerts(settings: Settings, found: Database) -> str:
    async with opened(settings, found.cluster) as app:
        standing = await app.program(Kind.COMMAND)(alerts.list)
    if standing:
        told = "; ".join(f"{one.subject}: {one.detail} (since {one.since:%Y-%m-%d})" for one in standing[:10])
        raise SettingsError(f"{len(standing)} stand, the oldest are: {told}")
    return "none"


async def _stores(settings: Settings, found: Database) -> str:
    for place in (*settings.stores, *settings.key_stores):
        if "://" not in place and shutil.disk_usage(_existing(place)).free < ROOM:
            raise SettingsError(f"Less than 1 GB is free at {place}.")
    if trouble := separate(settings):
        raise SettingsError(trouble)
    return ", ".join(settings.stores)


async def _mail(settings: Settings, found: Database) -> str:
    out = settings.smtp_out
    return f"leaves by {out.host}:{out.port}" if out.host else f"is written to {out.folder}"


def _existing(place: str) -> Path:
    """The folder, or the one above in which it will be made."""
    folder = Path(place)
    return folder if folder.exists() else _existing(str(folder.parent))
