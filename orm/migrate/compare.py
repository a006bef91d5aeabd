from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from orm.address import Address


async def compare(address: Address, metadata: sqlalchemy.MetaData, schemas: Iterable[str]) -> list[str]:
    """What a migrated database lacks or has too much, beside `metadata`; empty where they are equal."""

    def look(context: MigrationContext) -> list[str]:
        found: list[str] = []
        for difference in compare_metadata(context, metadata):
            # Changes of one column come as a list of their own.
            several = difference if isinstance(difference, list) else [difference]
            found += [repr(one) for one in several]
        return found

    result: list[str] = await _inspected(address, schemas, look)
    return result


async def draft(
    address: Address,
    metadata: sqlalchemy.MetaData,
    schemas: Iterable[str],
    *,
    name: str,
    after: str | None,
    message: str,
    now: datetime,
) -> str:
    """The source of a new revision that would bring the database to `metadata`, for its author to edit."""

    def look(context: MigrationContext) -> str:
        operations = produce_migrations(context, metadata).upgrade_ops
        return "    pass" if operations is None else render_python_code(operations)

    body = await _inspected(address, schemas, look)
    return (
        f'"""{message}"""\n\n# {now:%Y-%m-%d}\n\nimport sqlalchemy as sa\nfrom alembic import op\n'
        "from sqlalchemy.dialects import postgresql\n\n"
        f"revision = {name!r}\ndown_revision = {after!r}\n\n\ndef upgrade() -> None:\n    {body.strip()}\n"
    )


async def _inspected(address: Address, schemas: Iterable[str], look: Any) -> Any:
    wanted = frozenset(schemas)
    engine = create_async_engine(
        sqlalchemy.URL.create(
            "postgresql+asyncpg",
            address.role,
            address.password,
            address.host,
            address.port,
            address.database,
        ),
        poolclass=NullPool,
        # With a schema of ours in the search path Alembic would take it for the unnamed default one.
        connect_args={"server_settings": {"search_path": "pg_catalog"}},
    )

    def included(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "schema" or name in wanted

    def inside(connection: sqlalchemy.Connection) -> Any:
        options = {"include_schemas": True, "include_name": included, "compare_server_default": True}
        return look(MigrationContext.configure(connection, opts=options))

    try:
        async with engine.connect() as connection:
            return await connection.run_sync(inside)
    finally:
        await engine.dispose()
