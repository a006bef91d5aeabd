"""What a hundred times as many tickets change, for one who waits at one connection."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from statistics import median
from urllib.parse import quote

from tests.bench import load, vocabulary
from tests.bench.arithmetic import percentile
from tests.bench.database import work
from tests.bench.operations import operations, request
from tests.bench.place import Customer, Place, Session, Worker, browser, sign_in

DEPTH = 5_000  # rows before the page
PAGE = 50
ROUNDS = 3
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def figures(
    place: Place, web: Sequence[Worker], small: Customer, large: Customer, sizes: tuple[int, int], seconds: float
) -> dict[str, float]:
    """growth_1m and search_1m_ms are the worst of those that follow them: pages, and classes of words."""
    sides = [
        (customer, _pages(web[0], customer, sign_in(web[0].port, customer, 1), tickets))
        for customer, tickets in zip((small, large), sizes, strict=True)
    ]
    growth = {
        f"growth_1m_{name}": _growth([pages[name] for _, pages in sides], web[0].port, seconds) for name in sides[0][1]
    }
    searched = {f"search_1m_{name}_ms": took for name, took in _searches(place, web[0], large)}
    return {"growth_1m": max(growth.values()), **growth, "search_1m_ms": max(searched.values()), **searched}


def _growth(pages: Sequence[Sequence[bytes]], port: int, seconds: float) -> float:
    """The median of the rounds, in each of which both are asked side by side; once before, so that both are warm."""
    for requests in pages:
        load.run(requests, [port], 1, seconds)
    each = [
        [percentile(load.run(requests, [port], 1, seconds).latency, 0.5) for requests in pages] for _ in range(ROUNDS)
    ]
    return median(after / before for before, after in each)


def _pages(worker: Worker, customer: Customer, session: Session, tickets: int) -> dict[str, Sequence[bytes]]:
    queue, ticket = (one.requests for one in operations(customer, [session], tickets)[:2])
    deep = _deep(worker, customer, session, min(DEPTH, tickets * 2 // 5))
    return {"queue": queue, "ticket": ticket, "deep": [request(customer, session, "GET", deep)]}


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


def _searches(place: Place, worker: Worker, customer: Customer) -> Iterator[tuple[str, float]]:
    """Milliseconds in the database of the median search, by class of words."""
    session = sign_in(worker.port, customer, 2)
    with browser(worker.port, customer) as client:
        for name, queries in vocabulary.classes().items():
            paths = [f"/desk/search?query={quote(query)}" for query in queries]

            def ask(position: int, paths: Sequence[str] = paths) -> None:
                client.get(paths[position % len(paths)], headers={"Cookie": session.cookie}).raise_for_status()

            yield name.replace(" ", "_"), asyncio.run(work(place, ask)).milliseconds
