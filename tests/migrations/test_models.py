"""The migrations make exactly the tables that the models describe."""

from pathlib import Path

import pytest

import orm
import seldesk.methods  # noqa: F401 - all models are declared once the methods are
from orm.migrate import compare
from orm.testing import Server
from tests.world import World, settings


@pytest.mark.parametrize(("schemas", "kind"), [(("app", "secret", "log"), "desk"), (("control",), "control")])
async def test_a_migrated_database_lacks_nothing_and_has_nothing_more(
    world: World, cluster: tuple[Server, Path], schemas: tuple[str, ...], kind: str
) -> None:
    superuser = cluster[0].superuser
    database = world.acme.database if kind == "desk" else settings(cluster[1]).database.control
    address = orm.Address(superuser.host, superuser.port, database, superuser.role, superuser.password)
    differences = await compare(address, orm.metadata_of(schemas), schemas)
    assert [one for one in differences if "revision" not in one] == []
