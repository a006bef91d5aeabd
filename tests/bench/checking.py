"""Whether what is measured is what is meant: fast wrong answers are easy."""

import asyncio

from orm.provision.connection import connect
from tests.bench import load
from tests.bench.operations import Operation
from tests.bench.place import Place


def check(operation: Operation, port: int, position: int = 0) -> bytes:
    """One request, answered as it should be: the answer's body."""
    status, body = load.ask(operation.requests[position], port)
    if status != operation.status or operation.marker not in body:
        raise RuntimeError(f"{operation.name} was answered by {status} at port {port}.")
    return body


def asserted(place: Place, operation: Operation, port: int) -> None:
    """The same, with as many rows in the answer, or in the database, as there have to be. RuntimeError."""
    before = _count(place, operation)
    body = check(operation, port)
    if operation.rows is not None:
        marker, number = operation.rows
        _expect(operation, port, number, body.count(marker))
    if before is not None:
        _expect(operation, port, before + 1, _count(place, operation))


def _count(place: Place, operation: Operation) -> int | None:
    if operation.grows is None:
        return None
    database, table = operation.grows

    async def count() -> int:
        async with connect(place.database(database)) as connection:
            found: int = await connection.fetchval(f"select count(*) from {table}")  # noqa: S608 - a table of ours
            return found

    return asyncio.run(count())


def _expect(operation: Operation, port: int, expected: int, found: int | None) -> None:
    if found != expected:
        raise RuntimeError(f"{operation.name} at port {port}: {found} rows, where {expected} were expected.")
