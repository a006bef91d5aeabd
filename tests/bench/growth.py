"""What a hundred times as many tickets change, for one who waits at one connection."""

import asyncio
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from tests.bench import load, vocabulary
from tests.bench.arithmetic import Figure, Ratio, percentile, ratio
from tests.bench.checking import asserted
from tests.bench.database import work
from tests.bench.operations import operations, request
from tests.bench.place import Customer, Place, Session, Worker, browser, sign_in

DEPTH = 5_000  # rows before the page
PAGE = 50
ROUNDS = 3
NEXT = re.compile(r'rel="next" href="([^"]+)"')


def figures(
    place: Place, web: Sequence[Worker], small: Customer, large: Customer, sizes: tuple[int, int], seconds: float
) -> dict[str, Figure]:
    """growth_1m and search_1m_ms are the worst of those that follow them: pages, and classes of words."""
    depth = min(DEPTH, min(sizes) // 2)
    sides = [
        _pages(place, web[0], customer, tickets, depth) for customer, tickets in zip((small, large), sizes, strict=True)
    ]
    growth = {f"growth_1m_{name}": _growth([pages[name] for pages in sides], web[0].port, seconds) for name in sides[0]}
    searched = {f"search_1m_{name}_ms": took for name, took in _searches(place, web[0], large)}
    worst = max(growth.values(), key=lambda one: one.median)
    return {"growth_1m": worst, **growth, "search_1m_ms": max(searched.values()), **searched}


def _growth(pages: Sequence[Sequence[bytes]], port: int, seconds: float) -> Ratio:
    """In each round both are asked side by side, who comes first by chance; once before, so that both are warm."""
    chance, seen = random.Random(19), [list[float]() for _ in pages]
    for round_ in range(ROUNDS + 1):
        for side in chance.sample(range(len(pages)), len(pages)):
            found = load.run(pages[side], [port], 1, seconds)
            load.drain([port])
            if round_:
                seen[side].append(percentile(found.latency, 0.5))
    before, after = seen
    return ratio(after, before)


def _pages(place: Place, worker: Worker, customer: Customer, tickets: int, depth: int) -> dict[str, Sequence[bytes]]:
    session = sign_in(worker.port, customer, 1)
    queue, ticket = operations(customer, [session], tickets)[:2]
    path = deep(worker, customer, session, depth)
    listed = replace(queue, name="page at a depth", requests=[request(customer, session, "GET", path)])
    # The small customer's tickets were answered meanwhile: how many messages they have is not known.
    pages = {"queue": queue, "ticket": replace(ticket, rows=None), "deep": listed}
    for operation in pages.values():
        asserted(place, operation, worker.port)
    return {name: operation.requests for name, operation in pages.items()}


def deep(worker: Worker, customer: Customer, session: Session, depth: int) -> str:
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
