import hashlib
import io
import threading
from dataclasses import dataclass
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

# Alembic's `op` is one for the whole process.
_alembic = threading.Lock()


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of a schema: its name and the statements that make it."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Revisions:
    """All changes of a schema, oldest first. The version before the first is the empty text."""

    steps: tuple[Revision, ...]

    @property
    def head(self) -> str:
        return self.steps[-1].name if self.steps else ""

    @property
    def fingerprint(self) -> str:
        """Differs when any name or statement does."""
        text = "\0".join(part for step in self.steps for part in (step.name, step.sql))
        return hashlib.sha256(text.encode()).hexdigest()

    def position(self, version: str) -> int | None:
        """How many steps `version` has behind it, None for one that is not among them."""
        names = ["", *(step.name for step in self.steps)]
        return names.index(version) if version in names else None


def render(folder: Path) -> Revisions:
    """The revisions in `folder`/versions as SQL, without a database and without an env.py.

    Their order must be a single line; two heads are a ValueError that names them.
    """
    script = ScriptDirectory(folder)
    if len(heads := script.get_heads()) > 1:
        raise ValueError(f"the revisions in {folder} have several heads: {', '.join(sorted(heads))}")
    with _alembic:
        ordered = reversed(list(script.walk_revisions()))
        return Revisions(tuple(Revision(one.revision, _sql(one)) for one in ordered))


def _sql(script: Script) -> str:
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect=_dialect(),
        opts={"as_sql": True, "literal_binds": True, "output_buffer": written},
    )
    with Operations.context(context):
        script.module.upgrade()
    return written.getvalue()


def _dialect() -> PGDialect_asyncpg:
    dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # SQLAlchemy has not annotated it
    # Learnt from a connection otherwise; where it is not, backslashes in texts are doubled.
    dialect._backslash_escapes = False
    return dialect
