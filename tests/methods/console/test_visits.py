"""What a customer looks up of visits of the staff is found by indexes, however long its audit is."""

import re
from uuid import uuid4

import pytest

from orm import StatementCounter
from seldesk.methods.desk import staff_access, tickets
from tests.access import inside
from tests.world import World

# As the visits of years leave them: each call is an attempt, and what became of it.
MANY = """
INSERT INTO log.audit SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', gen_random_uuid(), 'number', 1000 + n, 'kind', 'access',
    'outcome', CASE n % 2 WHEN 0 THEN 'attempt' ELSE 'done' END,
    'objects', jsonb_build_object('access', md5((n / 100)::text)::uuid)
        || CASE n % 2 WHEN 0 THEN '{}' ELSE jsonb_build_object('attempt', gen_random_uuid()) END
))).* FROM log.audit one, generate_series(1, 10000) n WHERE one.number = 1 RETURNING 1
"""
VALUES = {"VARCHAR": f"'{uuid4()}'", "INTEGER": "20", "BIGINT": "20"}


@pytest.mark.parametrize("index", ["audit_access", "audit_attempt"])
async def test_calls_of_a_visit_are_found_by_an_index(world: World, index: str) -> None:
    her = await inside(world)
    await her.call(tickets.read, number=her.number)
    bo = await world.acme.signed_in("bo")
    (visit,) = (await bo(staff_access.page)).visits
    with StatementCounter() as counter:
        assert len((await bo(staff_access.read, access=visit.id)).calls) == 1
    name = index.removeprefix("audit_")
    (asked,) = [one for one in counter.statements if f"->> '{name}')" in one]
    await world.rows(world.acme, MANY)
    await world.rows(world.acme, "ANALYZE log.audit")
    asked = re.sub(r"kind = \$\d+::VARCHAR", "kind = 'access'", asked)
    statement = re.sub(r"\$\d+(?:::(\w+))?", lambda found: VALUES[found[1] or "INTEGER"], asked)
    plan = "\n".join(await world.rows(world.acme, f"EXPLAIN {statement}"))
    assert re.search(rf"(Scan using|Index Scan on) {index}\b", plan), plan
    assert "Seq Scan on audit" not in plan
