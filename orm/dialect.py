from typing import Any, Literal

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine import Connection


class Dialect(PGDialect_asyncpg):
    """PostgreSQL 18 by asyncpg, without the queries that SQLAlchemy sends to learn about a new connection."""

    supports_statement_cache = True
    # asyncpg hands JSON over as text: its codecs would cost each connection two queries of the catalogue.
    supports_native_json_deserialization = False
    dialect_injects_custom_json_deserializer = False

    async def setup_asyncpg_json_codec(self, conn: Any) -> None: ...

    async def setup_asyncpg_jsonb_codec(self, conn: Any) -> None: ...

    def _get_server_version_info(self, connection: Connection) -> tuple[int, int]:
        return 18, 0

    def _get_default_schema_name(self, connection: Connection) -> str:
        return "public"

    def get_default_isolation_level(self, dbapi_conn: Any) -> Literal["READ COMMITTED"]:
        return "READ COMMITTED"

    def _set_backslash_escapes(self, connection: Connection) -> None:
        self._backslash_escapes = False
