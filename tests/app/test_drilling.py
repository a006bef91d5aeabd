"""The control database's own copies are tested too."""

from pathlib import Path

from rpc import Kind
from seldesk.app.drilling import CHECK, DATABASE, drill_control
from seldesk.app.installation import provisioner
from seldesk.methods.control import alerts
from tests.app.copies import CONTROL, copy
from tests.world import World


async def nobody_else() -> None:
    """What a job calls to say that it is still at it."""


async def told(world: World) -> list[str]:
    return [one.detail for one in await world.app.program(Kind.COMMAND)(alerts.list) if one.check == CHECK]


async def test_the_newest_copy_of_the_control_database_is_restored_compared_and_removed(world: World) -> None:
    await drill_control(world.app, nobody_else)
    (row,) = await copy(world.app, "")
    await drill_control(world.app, nobody_else)
    proved = "SELECT restored_at IS NOT NULL AND restore_seconds > 0 FROM control.copies WHERE verified_at IS NOT NULL"
    assert await world.control_rows(proved) == ["True"]
    assert await told(world) == []
    for store in world.app.settings.stores:
        sealed = Path(store) / f"copies/{CONTROL}/{row.id}.age"
        sealed.write_bytes(sealed.read_bytes()[:-100])
    await drill_control(world.app, nobody_else)
    (words,) = await told(world)
    assert "Damaged" in words
    assert DATABASE not in await provisioner(world.app.settings, world.app.cluster).databases()
