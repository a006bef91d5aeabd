"""Very many customers that are only rows: each with copies and figures, a few of them in trouble."""

from tests.incidents import crowd
from tests.world import World

# Slugs of those whose newest copy is too old, whose database did not answer, and with whom an operation fails.
UNCOVERED, AWAY, FAILING = "c0003", "c0005", "c0007"
_COPIES = """
INSERT INTO control.copies (id, customer_id, kind, cluster, began_at, snapshot_at, size, revision, postgresql,
    replicas, verified_at, error)
SELECT gen_random_uuid(), c.id, 'scheduled', 'main', at, at, 1000000, '0001', 18, 2, at, ''
FROM control.customers c, generate_series(0, {copies} - 1) n,
    LATERAL (SELECT '{now}'::timestamptz - interval '12 hours' * n
        - interval '1 minute' * (('x' || left(md5(c.slug), 4))::bit(16)::int % 600)
        - CASE WHEN c.slug = '{uncovered}' THEN interval '30 hours' ELSE interval '0' END AS at) t
WHERE c.database LIKE 'c_crowd%' RETURNING 1
"""
_FIGURES = """
INSERT INTO control.customer_figures (customer_id, measured_at, error, database_bytes, stored_bytes, told_percent,
    agents, mailboxes, failing, unread, waiting, refused, failed, bounced)
SELECT id, '{now}', CASE WHEN slug = '{away}' THEN 'unavailable' ELSE '' END,
    10000000, 1000, 0, 3, 1, 0, 0, 0, 0, 0, 0
FROM control.customers WHERE database LIKE 'c_crowd%' RETURNING 1
"""
_LEASES = """
INSERT INTO control.leases (customer_id, kind, fence, target, step, error, steps, asked_at, wanted_at, begun_at,
    ended_at)
SELECT id, 'copy', 3, 'scheduled', 'sealed', CASE WHEN slug = '{failing}' THEN 'OSError after step sealed' ELSE '' END,
    ARRAY['2026-03-02T09:00:00+00:00 sealed'], CASE WHEN slug = '{failing}' THEN '{now}'::timestamptz END,
    '{now}', '{now}', '{now}'
FROM control.customers WHERE database LIKE 'c_crowd%' RETURNING 1
"""


async def many(world: World, number: int, copies: int = 1) -> None:
    """So many customers more. Their newest copies are of the last ten hours, and there are so many of each, one before
    the other by twelve hours.
    """
    await crowd(world, number)
    now = f"{world.clock.now():%Y-%m-%d %H:%M:%S}+00"
    given = {"now": now, "copies": copies, "uncovered": UNCOVERED, "away": AWAY, "failing": FAILING}
    for statement in (_COPIES, _FIGURES, _LEASES):
        await world.control_rows(statement.format(**given))
    await world.control_rows("ANALYZE")
