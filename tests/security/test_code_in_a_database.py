"""If somebody of one customer ever ran SQL of their own there: it reaches that customer's rows, and nothing else."""

import re
from dataclasses import replace

import pytest

from orm.provision.connection import connect
from tests.orm.attempts import OTHERS, OTHERWISE, REFUSED, TEMPLATES, answered, refusal
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
# Of the rows those that name no table: what tables there are is asked here.
NAMELESS = [row for row in REFUSED if not re.search(r"\b(app|log|secret)\.", row)]
TABLES = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('app', 'log', 'secret', 'meta')"
OF_THE_OWNER = ("TRUNCATE {0}", "DROP TABLE {0}", "ALTER TABLE {0} ADD mine text", "COMMENT ON TABLE {0} IS 'mine'")
OF_THE_LOG = ("DELETE FROM {0}", "UPDATE {0} SET id = id")


@pytest.mark.flaw("Odoo CVE-2021-23186")
@pytest.mark.asvs("V13.2.2")
async def test_code_of_one_customer_reaches_no_other(world: World) -> None:
    globex, me = await world.neighbour(), world.acme.database
    mine = world.app.fleet.home.address(me, me)
    wrong = []
    async with connect(mine) as connection:
        tables = [row[0] for row in await connection.fetch(TABLES)]
        assert len(NAMELESS) > 80
        assert len(tables) > 20
        statements = [row.format(me=me, other=globex.database) for row in NAMELESS]
        statements += [one.format(table) for table in tables for one in OF_THE_OWNER]
        statements += [one.format(table) for table in tables if table.startswith("log.") for one in OF_THE_LOG]
        for statement in statements:
            if (answer := await answered(connection, statement)) != "42501":
                wrong.append((statement, answer))
        for row, state in OTHERWISE:
            if (answer := await answered(connection, row.format(me=me, other=globex.database))) != state:
                wrong.append((row, answer))
    assert wrong == []
    for database in (globex.database, *OTHERS, *TEMPLATES):
        assert await refusal(replace(mine, database=database)) == "28000"
