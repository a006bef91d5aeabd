"""What ten times as many tickets change in what pages read, by the plans of the product's own statements."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import asyncpg

from orm.provision.connection import connect
from seldesk.app.running import cluster
from tests.bench import vocabulary
from tests.bench.growth import DEPTH, deep
from tests.bench.place import Customer, Place, Worker, sign_in
from tests.bench.recording import Page, recording
from tests.bench.rows import speak_json

TIMES = 10  # as many tickets
TICKETS = 20  # of which the page is recorded, of each last digit and over the whole range
EXPLAINED = "explain (analyze, buffers, format json) "


@dataclass(frozen=True, slots=True)
class Read:
    """rows are those of tables and the entries of indexes, also what was then left out; buffers are blocks of 8 kB,
    cached or not."""

    rows: float = 0
    buffers: int = 0

    def __add__(self, other: "Read") -> "Read":
        return Read(self.rows + other.rows, self.buffers + other.buffers)


def read(plan: Mapping[str, Any]) -> Read:
    """Of a plan as EXPLAIN tells it in JSON. The blocks of a node hold those of all below it."""
    rows = sum(_scanned(node) for node in _nodes(plan))
    return Read(rows, plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _scanned(node: Mapping[str, Any]) -> float:
    if "Relation Name" not in node and "Index Name" not in node:
        return 0
    left_out = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    rows: float = (node["Actual Rows"] + sum(node.get(name, 0) for name in left_out)) * node["Actual Loops"]
    return rows


def growth(small: Mapping[str, Read], large: Mapping[str, Read]) -> dict[str, float]:
    """growth_rows and growth_buffers are the worst of those that follow them."""
    rows = {f"growth_rows_{name}": large[name].rows / one.rows for name, one in small.items()}
    buffers = {f"growth_buffers_{name}": large[name].buffers / one.buffers for name, one in small.items()}
    return {"growth_rows": max(rows.values()), **rows, "growth_buffers": max(buffers.values()), **buffers}


def figures(place: Place, worker: Worker, customers: Mapping[int, Customer]) -> dict[str, float]:
    """Customers by their tickets: of a small one and a large one."""
    small, large = sorted(customers)
    depth = min(DEPTH, small // 2)
    return growth(*(_pages(place, worker, customers[tickets], tickets, depth) for tickets in (small, large)))


def _pages(place: Place, worker: Worker, customer: Customer, tickets: int, depth: int) -> dict[str, Read]:
    session = sign_in(worker.port, customer, 1)
    shown = [tickets * at // TICKETS - at % 10 for at in range(1, TICKETS + 1)]
    paths = {
        "queue": ["/desk/tickets"],
        "ticket": [f"/desk/tickets/{number}" for number in shown],
        "deep": [deep(worker, customer, session, depth)],
    }
    for name, queries in vocabulary.classes().items():
        paths[f"search_{name.replace(' ', '_')}"] = [f"/desk/search?query={quote(query)}" for query in queries]
    return asyncio.run(_reads(place, customer, session.cookie, paths))


async def _reads(place: Place, customer: Customer, cookie: str, paths: Mapping[str, Sequence[str]]) -> dict[str, Read]:
    """As the role that the product signs in as: what it may see is part of its plans."""
    address = cluster(place.settings).address(customer.database, customer.database)
    async with connect(address) as connection, recording(place.settings, customer.host, cookie) as recorder:
        await speak_json(connection)
        return {
            name: sum([await _sent(connection, await recorder.page(path)) for path in each], Read())
            for name, each in paths.items()
        }


async def _sent(connection: asyncpg.Connection, page: Page) -> Read:
    """All statements of a page in one transaction, as some set what is true for those that follow."""
    found, transaction = Read(), connection.transaction()
    await transaction.start()
    try:
        for statement, parameters in page.statements:
            found += await explained(connection, statement, *parameters)
    finally:
        await transaction.rollback()
    return found


async def explained(connection: asyncpg.Connection, statement: str, *parameters: Any) -> Read:
    """By a connection that speaks JSON. What the statement does is done."""
    (told,) = await connection.fetchval(EXPLAINED + statement, *parameters)
    return read(told["Plan"])
