"""Copies of customers, made the shortest way, and what the provisioner's process does with them."""

import subprocess
import tempfile
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pyrage
from pyrage import x25519

from orm.ids import uuid7
from orm.provision import BACKUP
from orm.provision.contents import tables
from rpc import Kind
from seldesk.app.build import backup_identities
from seldesk.app.keys import role_password
from seldesk.app.restores import driller, restorer
from seldesk.app.stores import archive
from seldesk.keyring import master_key
from seldesk.methods.control import restores
from seldesk.methods.control.restores import Kind as RestoreKind
from seldesk.methods.control.restores import Restore
from seldesk.storage import Manifest, ManifestKey
from seldesk.storage.manifest import Table
from seldesk.storage.sealing import Spool, hashed
from tests.faults import superuser
from tests.world import Desk, World


def dumped(world: World, database: str) -> bytes:
    found = replace(world.server.superuser, role=BACKUP, database=database)
    password = role_password(master_key(world.app.settings, "provisioner"), BACKUP)
    place = [f"--host={found.host}", f"--port={found.port}", f"--username={found.role}", f"--dbname={database}"]
    options = ["--format=custom", "--compress=1", "--no-large-objects", "--exclude-schema=ext"]
    command = [f"{world.server.programs}/pg_dump", *options, *place]
    return subprocess.run(command, env={"PGPASSWORD": password}, stdout=subprocess.PIPE, check=True).stdout


async def copied(
    world: World,
    desk: Desk,
    *,
    plan: str = "trial",
    revision: str = "0001",
    postgresql: int = 18,
    at: datetime | None = None,
) -> UUID:
    """A copy in every store, listed as verified. Nobody writes meanwhile."""
    settings, copy, at = world.app.settings, uuid7(), at or world.clock.now()
    await backup_identities(settings).create(desk.id)
    recipient = await backup_identities(settings).recipient(desk.id)
    content = dumped(world, desk.database)
    async with superuser(world.server, desk.database) as inside:
        held = {name: Table(one.rows, one.hash) for name, one in (await tables(inside)).items()}
    with tempfile.TemporaryFile() as file:
        file.write(pyrage.encrypt(content, [x25519.Recipient.from_str(recipient)]))
        file.flush()
        spool = Spool(file.fileno())
        size, sha256 = await hashed(spool.chunks())
        manifest = Manifest(
            copy=copy,
            customer=desk.id,
            kind="scheduled",
            slug=desk.slug,
            plan=plan,
            region="eu",
            cluster="main",
            snapshot_at=at,
            size=size,
            sha256=sha256.hex(),
            archive_size=len(content),
            postgresql=postgresql,
            revision=revision,
            tables=held,
            objects=[],
        )
        places, page = archive(settings), ManifestKey(master_key(settings, "manifest")).sign(manifest)
        for store in range(len(places.stores)):
            await places.put(store, desk.id, copy, spool)
            await places.put_manifest(store, page, manifest)
    async with superuser(world.server, settings.database.control) as control:
        await control.execute(
            "INSERT INTO control.copies (id, customer_id, kind, cluster, began_at, snapshot_at, size, sha256, revision,"
            " postgresql, replicas, verified_at, error) VALUES ($1, $2, 'scheduled', 'main', $3, $3, $4, $5, $6, $7, 2,"
            " $3, '')",
            *(copy, desk.id, at, size, sha256, revision, postgresql),
        )
    return copy


async def asked(
    world: World,
    slug: str,
    kind: RestoreKind,
    copy: UUID | None = None,
    *,
    writable: bool = False,
    safe: bool = True,
) -> Restore:
    ask = world.app.program(Kind.COMMAND)
    return await ask(restores.ask, slug=slug, kind=kind, copy=copy, writable=writable, safe=safe)


async def work(world: World) -> None:
    """What the provisioner's process does, until the queue is empty."""
    await restorer(world.app).work()
    await driller(world.app).work()
    await world.app.refresh()


async def restored(
    world: World, desk: Desk, kind: RestoreKind, copy: UUID | None = None, *, writable: bool = False
) -> Restore:
    """Asked for, and done."""
    one = await asked(world, desk.slug, kind, copy, writable=writable)
    await work(world)
    return await world.app.program(Kind.COMMAND)(restores.progress, restore=one.id)


def standing(desk: Desk, row: Restore) -> Desk:
    """What stands on the side, as a desk of its own."""
    return replace(desk, slug=row.slug, database=row.database, tokens={}, people={})
