from collections.abc import Iterator

from .names import SEARCH_PATH, Names
from .sql import identifier

DML = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
APPEND = frozenset({"SELECT", "INSERT"})
READ = frozenset({"SELECT"})
USE = frozenset({"USAGE"})
CALL = frozenset({"EXECUTE"})

# Values as SQL: search_path is a list of names, which as one quoted text would be a single odd name.
LIMITS = {
    "statement_timeout": "'30s'",
    "idle_in_transaction_session_timeout": "'30s'",
    "lock_timeout": "'5s'",
    "client_connection_check_interval": "'2s'",  # frees the row locks of a worker that died
}


def tables(names: Names) -> dict[str, dict[str, frozenset[str]]]:
    """Who may do what with the tables of which schema: role -> schema -> privileges."""
    return {
        names.login: {"app": DML, "secret": DML, "log": APPEND, "meta": READ},
        names.reader: {"app": READ, "log": READ, "meta": READ},
        names.dumper: {"app": READ, "secret": READ, "log": READ, "meta": READ},
    }


def sequences(names: Names) -> dict[str, dict[str, frozenset[str]]]:
    """The same for sequences; a dump reads where they stand."""
    return {
        names.login: {"app": USE, "log": USE},
        names.dumper: {"app": READ, "secret": READ, "log": READ},
    }


def functions(names: Names) -> dict[str, dict[str, frozenset[str]]]:
    """The same for functions, which indexes and generated columns call as whoever writes the row."""
    return {names.login: {"app": CALL}, names.reader: {"app": CALL}}


def settings(names: Names) -> dict[str, dict[str, str]]:
    """What holds for the sessions of which role in this database: role -> name -> value as SQL."""
    return {
        names.login: {"search_path": SEARCH_PATH, **LIMITS},
        names.reader: {"search_path": "app, log, ext, pg_temp", **LIMITS},
    }


def statements(names: Names) -> Iterator[str]:
    """What the owner runs in the database so that the others get exactly this, now and in later tables."""
    own = identifier(names.owner)
    for schema in ("app", "secret", "log"):
        yield f"REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC"
    yield f"ALTER DEFAULT PRIVILEGES FOR ROLE {own} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"
    for role, schemas in tables(names).items():
        for schema in schemas:
            yield f"GRANT USAGE ON SCHEMA {schema} TO {identifier(role)}"
    for kind, given in (("TABLES", tables), ("SEQUENCES", sequences), ("FUNCTIONS", functions)):
        for schema, what, to in _together(given(names)):
            yield f"GRANT {what} ON ALL {kind} IN SCHEMA {schema} TO {to}"
            later = f"ALTER DEFAULT PRIVILEGES FOR ROLE {own} IN SCHEMA {schema}"
            yield f"{later} GRANT {what} ON {kind} TO {to}"


def _together(given: dict[str, dict[str, frozenset[str]]]) -> Iterator[tuple[str, str, str]]:
    """Schema, privileges, roles: those that have the same are given it at once, since each statement writes every
    table anew."""
    held: dict[tuple[str, str], list[str]] = {}
    for role, schemas in given.items():
        for schema, privileges in schemas.items():
            for privilege in privileges:
                held.setdefault((schema, privilege), []).append(role)
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (schema, privilege), roles in sorted(held.items()):
        together.setdefault((schema, tuple(roles)), []).append(privilege)
    for (schema, to), what in together.items():
        yield schema, ", ".join(what), ", ".join(map(identifier, to))
