"""Whether what is measured is what is meant: fast wrong answers are easy."""

import asyncio
from collections import Counter
from collections.abc import Mapping

from orm.provision.connection import connect
from tests.bench import load
from tests.bench.operations import Operation
from tests.bench.place import Place

TABLES = """
    select format('%I.%I', schemaname, tablename) from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')
"""
# Between two counts a process may write down what it does each minute.
TRIES = 3


def check(operation: Operation, port: int, position: int = 0) -> bytes:
    """One request, answered as it should be: the answer's body."""
    status, body = load.ask(operation.requests[position], port)
    if status != operation.status or operation.marker not in body:
        raise RuntimeError(f"{operation.name} was answered by {status} at port {port}.")
    return body


def asserted(place: Place, operation: Operation, port: int) -> None:
    """The same, with as many rows in the answer, or in the database, as there have to be. RuntimeError."""
    before = count(place, operation)
    body = check(operation, port)
    if operation.rows is not None:
        marker, number = operation.rows
        _expect(operation, port, number, body.count(marker))
    if before is not None:
        _expect(operation, port, before + 1, count(place, operation))


def still(place: Place, operation: Operation, port: int, before: int | None, answered: int) -> None:
    """After a run: it is answered as it should be, and wrote as many rows as forms were answered. RuntimeError."""
    if before is not None:
        written = (count(place, operation) or 0) - before
        if written < answered:
            raise RuntimeError(f"{operation.name} at port {port}: {answered} answers, but {written} rows.")
    check(operation, port)


def same_rows(place: Place, operation: Operation, ports: Mapping[str, int]) -> None:
    """One request of each writes as many rows into each table: what is compared does the same work. RuntimeError."""
    found: dict[str, Counter[str]] = {}
    for _ in range(TRIES):
        found = {who: _written(place, operation, port) for who, port in ports.items()}
        first, *others = found.values()
        if all(other == first for other in others):
            return
    said = "; ".join(f"{who}: {dict(sorted(rows.items()))}" for who, rows in found.items())
    raise RuntimeError(f"{operation.name} writes different rows. {said}")


def _written(place: Place, operation: Operation, port: int) -> Counter[str]:
    """Rows that each table of the customer's database, and of the control database, has more; less is below zero."""
    assert operation.grows is not None
    databases = (operation.grows[0], place.settings.database.control)
    # The first of its kind may also assign the ticket, and change its status.
    check(operation, port)
    before = asyncio.run(_counts(place, databases))
    check(operation, port)
    after = asyncio.run(_counts(place, databases))
    after.subtract(before)
    return Counter({table: rows for table, rows in after.items() if rows})


async def _counts(place: Place, databases: tuple[str, ...]) -> Counter[str]:
    found = Counter[str]()
    for database in databases:
        async with connect(place.database(database)) as connection:
            for (table,) in await connection.fetch(TABLES):
                found[table] += await connection.fetchval(f"select count(*) from {table}")  # noqa: S608 - a table of ours
    return found


def count(place: Place, operation: Operation) -> int | None:
    """Rows of the table which a form writes to."""
    if operation.grows is None:
        return None
    database, table = operation.grows

    async def rows() -> int:
        async with connect(place.database(database)) as connection:
            found: int = await connection.fetchval(f"select count(*) from {table}")  # noqa: S608 - a table of ours
            return found

    return asyncio.run(rows())


def _expect(operation: Operation, port: int, expected: int, found: int | None) -> None:
    if found != expected:
        raise RuntimeError(f"{operation.name} at port {port}: {found} rows, where {expected} were expected.")
