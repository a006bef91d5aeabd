"""What cannot be restored says so at once, in a sentence, before anything is touched."""

import base64
import shutil
from pathlib import Path

import pytest

from orm.provision import Names
from rpc import Kind
from seldesk.app.installation import provisioner
from seldesk.app.restores import restorer
from seldesk.methods.control import leases, restores
from seldesk.methods.control.restores import Restore
from seldesk.methods.desk import tickets
from tests.app.copied import asked, copied
from tests.faults import another
from tests.world import World, mail


async def untouched(world: World, one: Restore) -> Restore:
    """After one attempt, and no other is to come."""
    found = await world.app.program(Kind.JOB)(restores.read, restore=one.id)
    assert (found.state, found.attempts) == ("failed", 1)
    assert (await world.app.program(Kind.COMMAND)(leases.read, slug="acme")).over
    await world.app.refresh()
    makes, names = provisioner(world.app.settings, world.app.cluster), Names(world.acme.database)
    assert await makes.databases() == [names.place]
    assert await makes.is_open(names.place)
    subjects = [row.subject for row in (await world.acme.by_token("bo")(tickets.list)).items]
    assert subjects == ["The printer smokes"]
    return found


@pytest.mark.fault(10)
@pytest.mark.parametrize("kind", ["aside", "live"])
@pytest.mark.parametrize("key", ["missing", "wrong"])
async def test_without_the_backup_key(world: World, tmp_path: Path, kind: restores.Kind, key: str) -> None:
    await world.acme.mail(mail())
    await copied(world, world.acme)
    keys = shutil.copytree(world.app.settings.secrets.folder, tmp_path / "keys")
    if key == "missing":
        (keys / "backup.key").unlink()
    else:
        (keys / "backup.key").write_bytes(base64.b64encode(bytes(32)))
    one = await asked(world, "acme", kind)
    async with another(world, SELDESK_SECRETS__FOLDER=str(keys)) as acme:
        await restorer(acme.app).work()
    words = "The backup key cannot be read from" if key == "missing" else "the backup key does not open it"
    assert words in (await untouched(world, one)).error
    # With the key it is there again.
    again = await asked(world, "acme", kind)
    await restorer(world.app).work()
    assert (await world.app.program(Kind.JOB)(restores.read, restore=again.id)).state in ("open", "done")


@pytest.mark.parametrize("kind", ["aside", "live"])
async def test_what_a_newer_postgresql_wrote(world: World, kind: restores.Kind) -> None:
    await world.acme.mail(mail())
    await copied(world, world.acme, postgresql=19)
    one = await asked(world, "acme", kind)
    await restorer(world.app).work()
    assert (await untouched(world, one)).error == "PostgreSQL 18 cannot read what 19 wrote."
