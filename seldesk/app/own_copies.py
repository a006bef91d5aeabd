"""The control database from a copy: on an empty cluster, or in the place of what there is while customers live on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from msgspec.structs import replace

import orm
from orm.embedded import binaries
from orm.provision import OLD, Content, restore_control
from rpc import Kind
from seldesk.app import installation
from seldesk.app.build import backup_identities, opened
from seldesk.app.catching_up import Changed, adopt_copies, changed_since
from seldesk.app.fleet import Cluster
from seldesk.app.ledger import CHECK as LEDGER
from seldesk.app.reconcile import CHECK, reconcile
from seldesk.app.stores import archive
from seldesk.clock import Clock
from seldesk.methods.control import alerts, recoveries
from seldesk.methods.control.alerts import AlertRow
from seldesk.settings import Settings
from seldesk.storage import Archive, Manifest, StorageError
from seldesk.surroundings import OPERATOR

log = structlog.get_logger()


class NoCopy(Exception):
    """There is no copy of the control database in these stores that opens, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """Of which moment the control database is now, how many customers it knows, and what does not fit. former: what
    the database is called now that it took the place of. adopted: copies made since. changed: what was done since
    with customers as a whole, and is to be done again.
    """

    snapshot_at: datetime
    former: str
    customers: int
    adopted: int
    changed: Sequence[Changed]
    alerts: Sequence[AlertRow]


def only(settings: Settings, store: str) -> Settings:
    """As if there were no other store, with the credentials of this one."""
    which = settings.stores.index(store) if store in settings.stores else len(settings.stores)
    secrets = replace(settings.secrets, stores=settings.secrets.stores[which : which + 1])
    return replace(settings, stores=(store,), secrets=secrets)


async def copies_in(places: Archive, customer: UUID | None = None) -> tuple[dict[UUID, list[Manifest]], int]:
    """Of each customer, or of this one, the newest first; and how many manifests are not the operator's."""
    found: dict[UUID, dict[UUID, Manifest]] = {}
    forged = 0
    async for store, whose, copy in places.manifests(customer):
        try:
            found.setdefault(whose, {})[copy] = await places.manifest(whose, copy, store)
        except StorageError as error:
            log.error("recover.manifest", customer=str(whose), copy=str(copy), error=str(error))
            forged += 1
    newest_first = {
        whose: sorted(copies.values(), key=lambda one: one.snapshot_at, reverse=True)
        for whose, copies in found.items()
        if copies
    }
    return newest_first, forged


async def put_back(
    settings: Settings,
    superuser: orm.Address,
    places: Archive,
    copies: Sequence[Manifest],
    *,
    emptied: Sequence[str],
    remark: str = "",
) -> Manifest | None:
    """The first of these copies that opens and is whole has the place of the control database, at this version; None,
    and nothing is changed, where none is.
    """
    for manifest in copies:
        try:
            await restore_control(
                binaries(),
                superuser,
                places.open(OPERATOR.id, manifest.copy, await backup_identities(settings).identity(OPERATOR.id)),
                name=settings.database.control,
                expected={table: Content(one.rows, one.hash) for table, one in manifest.tables.items()},
                emptied=emptied,
                remark=remark,
            )
        except (StorageError, orm.Error) as error:
            log.error("recover.control", copy=str(manifest.copy), error=str(error))
            continue
        await installation.make_control(settings, superuser)
        return manifest
    return None


async def restore_alone(
    settings: Settings,
    where: Cluster,
    superuser: orm.Address,
    *,
    store: str = "",
    copy: UUID | None = None,
    clock: Clock | None = None,
) -> PutBack:
    """The control database alone: from this copy or the newest, of this store or all. NoCopy.

    Then all that is newer than it and lies on the clusters is found again: customers are adopted, those who moved are
    followed, who was erased stays erased, copies come into the catalogue again. All get new passwords, because which
    version theirs are of is not known.
    """
    places = archive(only(settings, store) if store else settings)
    found, _ = await copies_in(places, OPERATOR.id)
    copies = [one for one in found.get(OPERATOR.id, []) if copy in (None, one.copy)]
    await installation.prepare_another(settings, superuser)
    manifest = await put_back(settings, superuser, places, copies, emptied=recoveries.EMPTIED_ALONE)
    if manifest is None:
        raise NoCopy(str(NoCopy.__doc__))
    async with opened(settings, where, clock) as app:
        command = app.program(Kind.COMMAND)
        await command(recoveries.settle)
        await reconcile(app, _nobody_else)
        adopted = await adopt_copies(app, manifest.snapshot_at)
        changed = await changed_since(app, manifest.snapshot_at)
        customers = await command(recoveries.renew)
        told = [one for one in await command(alerts.list) if one.check in (CHECK, LEDGER)]
    return PutBack(manifest.snapshot_at, settings.database.control + OLD, customers, adopted, changed, told)


async def _nobody_else() -> None:
    """No job is held."""
