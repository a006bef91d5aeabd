"""What signing in costs, and what it costs the others."""

import asyncio
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from statistics import median
from urllib.parse import urlencode

from argon2 import PasswordHasher, extract_parameters

from orm.provision.connection import connect
from tests.bench import load
from tests.bench.arithmetic import Figure, percentile, ratio, spread
from tests.bench.operations import Operation
from tests.bench.place import AGENTS, HEADERS, PASSWORD, WORKERS, Customer, Place, Worker, browser, sign_in_form

THREADS = 1  # that check passwords, in each process
AT_ONCE = 4  # sign-ins that wait for each of them
ROUNDS = 3
BESIDE = 8  # connections that read the queue meanwhile


def figures(
    place: Place, customer: Customer, web: Sequence[Worker], queue: Operation, seconds: float
) -> dict[str, Figure]:
    """signin_ratio: sign-ins a second to bare checks of the same hash by as many processes and threads.
    signin_slowdown: p99 of the queue beside sign-ins at half of the rate found, to p99 alone."""
    kept = asyncio.run(_hash(place, customer))
    requests = [_request(customer, web, position) for position in range(AGENTS)]
    ports = [worker.port for worker in web]
    chance, ours, bare = random.Random(17), list[float](), list[float]()
    sides = [(ours, partial(_ours, requests, ports)), (bare, partial(_bare, kept))]
    for _ in range(ROUNDS):
        for rates, rate in chance.sample(sides, len(sides)):
            rates.append(rate(seconds))
    slowed = [_slowdown(requests, ports, queue, median(ours) / 2, seconds) for _ in range(ROUNDS)]
    return {"signin_ratio": ratio(ours, bare), "signin_slowdown": spread(slowed), "signin_rate": median(ours)}


def _request(customer: Customer, web: Sequence[Worker], position: int) -> bytes:
    with browser(web[0].port, customer) as client:
        cookie, token = sign_in_form(client)
        fields = {"form_token": token, "email": customer.email(position), "password": PASSWORD}
        # From a browser that is known: about one that is new a mail is written each time.
        known = client.post("/desk/sign-in", data=fields, headers={"Cookie": cookie}).cookies["__Host-device"]
        cookie = f"{cookie}; __Host-device={known}"
    body = urlencode(fields).encode()
    lines = {
        **HEADERS,
        "Host": customer.host,
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
    }
    head = "\r\n".join(["POST /desk/sign-in HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items()), "", ""])
    return head.encode() + body


async def _hash(place: Place, customer: Customer) -> str:
    async with connect(place.database(customer.database)) as connection:
        found: str = await connection.fetchval("select hash from secret.verifiers limit 1")
        return found


def _ours(requests: Sequence[bytes], ports: Sequence[int], seconds: float) -> float:
    found = load.run(requests, ports, WORKERS * THREADS * AT_ONCE, seconds)
    load.drain(ports)
    return found.rate


def _bare(kept: str, seconds: float) -> float:
    """Checks a second, without anything around them."""
    with ProcessPoolExecutor(WORKERS) as processes:
        counts = processes.map(_checks, [kept] * WORKERS, [seconds] * WORKERS)
        return sum(counts) / seconds


def _checks(kept: str, seconds: float) -> int:
    parameters = extract_parameters(kept)
    hasher = PasswordHasher.from_parameters(parameters)
    hasher.verify(kept, PASSWORD)
    end = time.monotonic() + seconds

    def check(_: int) -> int:
        done = 0
        while time.monotonic() < end:
            hasher.verify(kept, PASSWORD)
            done += 1
        return done

    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(check, range(THREADS)))


def _slowdown(requests: Sequence[bytes], ports: Sequence[int], queue: Operation, rate: float, seconds: float) -> float:
    alone = load.run(queue.requests, ports, BESIDE, seconds)
    load.drain(ports)
    with _signing_in(requests, ports, rate):
        beside = load.run(queue.requests, ports, BESIDE, seconds * 1.5)
    load.drain(ports)
    return percentile(beside.latency, 0.99) / percentile(alone.latency, 0.99)


@contextmanager
def _signing_in(requests: Sequence[bytes], ports: Sequence[int], rate: float) -> Iterator[None]:
    """An open loop: so many a second, whether the earlier ones are answered or not."""
    over = threading.Event()
    sender = threading.Thread(target=lambda: asyncio.run(_send(requests, ports, rate, over)))
    sender.start()
    try:
        yield
    finally:
        over.set()
        sender.join()


async def _send(requests: Sequence[bytes], ports: Sequence[int], rate: float, over: threading.Event) -> None:
    begun, sent = time.monotonic(), 0
    async with asyncio.TaskGroup() as group:
        while not over.is_set():
            group.create_task(_one(requests[sent % len(requests)], ports[sent % len(ports)]))
            sent += 1
            await asyncio.sleep(max(begun + sent / rate - time.monotonic(), 0))


async def _one(request: bytes, port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        status = await reader.readline()
        if b" 303 " not in status:
            raise RuntimeError(f"Signing in was answered by {status.decode().strip()}.")
    finally:
        writer.close()
