"""A brake in the control database: whoever comes to a moment stands still before it is written down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.faults import superuser
from tests.world import World

CONTROL, LOCK, PATIENCE = "seldesk_control", 4711, 120.0
STOP = f"""
CREATE FUNCTION control.stop_here() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN new; END $$
"""


@asynccontextmanager
async def brake(world: World) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's hand in the control database, with a brake to put on."""
    async with superuser(world.server, CONTROL) as control:
        await control.execute(STOP)
        try:
            yield control
        finally:
            await control.execute("DROP FUNCTION control.stop_here CASCADE")


@asynccontextmanager
async def braked(control: asyncpg.Connection, table: str, moment: str) -> AsyncIterator[None]:
    """Whoever comes to this moment stands still; what was done there until the end of the block is undone."""
    trigger = f"CREATE TRIGGER stop BEFORE UPDATE ON control.{table} FOR EACH ROW WHEN ({moment})"
    await control.execute(f"{trigger} EXECUTE FUNCTION control.stop_here()")
    await control.execute("SELECT pg_advisory_lock($1)", LOCK)
    try:
        yield
    finally:
        await control.execute("SELECT pg_advisory_unlock($1)", LOCK)
        await control.execute(f"DROP TRIGGER stop ON control.{table}")


@asynccontextmanager
async def braked_at(world: World, step: str) -> AsyncIterator[asyncpg.Connection]:
    """The same for a step of an operation, where it is the only moment."""
    async with brake(world) as control, braked(control, "leases", f"new.step = '{step}'"):
        yield control


async def stands_still(control: asyncpg.Connection) -> bool:
    return bool(await control.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))


async def all_active(control: asyncpg.Connection) -> bool:
    return not await control.fetchval("SELECT count(*) FROM control.customers WHERE state <> 'active'")
