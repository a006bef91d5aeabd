"""What a hundred times as many tickets change, for one who waits at one connection."""

import asyncio
import re
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from orm.provision.connection import connect
from tests.bench import load, vocabulary
from tests.bench.arithmetic import percentile
from tests.bench.database import work
from tests.bench.operations import operations, request
from tests.bench.place import Customer, Place, Session, Worker, browser, sign_in
from tests.bench.seed import seed

DEPTH = 5_000  # rows before the page
PAGE = 50
BYTES = 15_000  # on disk for each ticket, with its messages, words, indexes and log, and as much again to spare
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def fill(place: Place, customer: Customer, tickets: int, told: Callable[[str], None]) -> None:
    free = shutil.disk_usage(place.home).free
    if free < tickets * BYTES:
        raise RuntimeError(f"{tickets:,} tickets need {tickets * BYTES / 1e9:.0f} GB, and {free / 1e9:.0f} are free.")
    told(f"seeding {tickets:,} tickets for {customer.slug}")

    async def write() -> None:
        async with connect(place.database(customer.database)) as connection:
            await seed(connection, tickets, datetime.now(UTC))

    asyncio.run(write())


def figures(
    place: Place, web: Sequence[Worker], small: Customer, large: Customer, sizes: tuple[int, int], seconds: float
) -> dict[str, float]:
    sides = [
        (customer, _pages(web[0], customer, sign_in(web[0].port, customer, 1), tickets))
        for customer, tickets in zip((small, large), sizes, strict=True)
    ]
    medians: list[list[float]] = []
    for at in range(len(sides[0][1])):
        # Side by side, page by page; both once before, so that both are warm.
        for _, pages in sides:
            load.run(pages[at], [web[0].port], 1, seconds)
        medians.append([percentile(load.run(pages[at], [web[0].port], 1, seconds).latency, 0.5) for _, pages in sides])
    return {
        "growth_1m": max(after / before for before, after in medians),
        "search_1m_ms": _slowest_search(place, web[0], large),
    }


def _pages(worker: Worker, customer: Customer, session: Session, tickets: int) -> list[Sequence[bytes]]:
    queue, ticket = (one.requests for one in operations(customer, [session], tickets)[:2])
    deep = _deep(worker, customer, session, min(DEPTH, tickets * 2 // 5))
    return [queue, ticket, [request(customer, session, "GET", deep)]]


def _deep(worker: Worker, customer: Customer, session: Session, depth: int) -> str:
    """The page of all tickets that comes after so many, found as an agent finds it: page by page."""
    path = "/desk/tickets?view=all"
    with browser(worker.port, customer) as client:
        for _ in range(depth // PAGE):
            page = client.get(path, headers={"Cookie": session.cookie}).text
            found = NEXT.search(page)
            if found is None:
                raise RuntimeError("The list of tickets ends too early.")
            path = found[1].replace("&amp;", "&")
    return path


def _slowest_search(place: Place, worker: Worker, customer: Customer) -> float:
    session = sign_in(worker.port, customer, 2)
    with browser(worker.port, customer) as client:
        times = []
        for queries in vocabulary.classes().values():
            paths = [f"/desk/search?query={quote(query)}" for query in queries]

            def ask(position: int, paths: Sequence[str] = paths) -> None:
                client.get(paths[position % len(paths)], headers={"Cookie": session.cookie}).raise_for_status()

            times.append(asyncio.run(work(place, ask)).milliseconds)
        return max(times)
