"""The nightly test of the control database's own copies: restored beside, compared, removed."""

import time
from uuid import UUID

import structlog

import orm
from orm.embedded import EmbeddedError, binaries
from orm.provision import Provisioner, held, restore
from rpc import Kind
from seldesk.app.build import Application, backup_identities
from seldesk.app.installation import provisioner
from seldesk.app.reconcile import StillAtIt
from seldesk.app.stores import archive
from seldesk.app.telling import tell
from seldesk.methods.control import drills
from seldesk.methods.control.alerts import Found
from seldesk.storage import StorageError
from seldesk.surroundings import OPERATOR

log = structlog.get_logger()
CHECK = "own-drill"
# Called as customers' are, so that nothing takes it for something else, and no customer has this name.
DATABASE = "c_control_drill"
FAILURES = (orm.Error, StorageError, EmbeddedError, OSError)


async def drill_control(app: Application, still_at_it: StillAtIt) -> None:
    """As a job, every night: the newest copy becomes a database that nobody can enter, and is what it was."""
    own = await app.program(Kind.JOB)(drills.own)
    if own is None:
        return
    await still_at_it()
    makes, began = provisioner(app.settings, app.cluster), time.monotonic()
    try:
        wrong = await _tested(app, makes, own.copy)
    except FAILURES as error:
        log.exception("drill.failed", copy=str(own.copy))
        wrong = f"{type(error).__name__}: {error}"
    finally:
        await makes.drop(DATABASE)
    if not wrong:
        seconds = max(1, round(time.monotonic() - began))
        await app.program(Kind.JOB)(drills.proved, copy=own.copy, seconds=seconds)
    await tell(app, CHECK, [Found(f"control database: {own.copy}", wrong[:500])] if wrong else [])


async def _tested(app: Application, makes: Provisioner, copy: UUID) -> str:
    """What is wrong with it, "" where nothing is."""
    stored, identities = archive(app.settings), backup_identities(app.settings)
    manifest = await stored.manifest(OPERATOR.id, copy)
    await makes.drop(DATABASE)
    await makes.clone(DATABASE)
    content = stored.open(OPERATOR.id, copy, await identities.identity(OPERATOR.id))
    await restore(binaries(), makes, DATABASE, content)
    found = {name: (one.rows, one.hash) for name, one in (await held(makes, DATABASE)).items()}
    said = {name: (one.rows, one.hash) for name, one in manifest.tables.items()}
    different = sorted(name for name in found | said if found.get(name) != said.get(name))
    return f"What was restored is not what was copied: {', '.join(different[:5])}." if different else ""
