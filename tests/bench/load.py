"""Load by wrk: what was sent, and what it saw."""

import json
import os
import resource
import secrets
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")
SETTLED = 0.2  # seconds between two runs
LISTENING, IDLE = "0A", "06"  # states in /proc/net/tcp; what is idle there was answered and closed
DRAINED_WITHIN = 60.0  # seconds
STOPPED_WITHIN = 60.0  # seconds after the end of a run
# Stands in a form for its own key, of which each request brings a new one of the same length.
ONCE = "OnceOnceOnceOnceOnce22"
_RUN = 6  # bytes of a key that are the run's; a digit for the thread and nine for the request follow


@dataclass(frozen=True, slots=True)
class Sample:
    """One run. latency counts requests by their microseconds; cpu is the generator's own share of one processor; late
    counts those that have a time to leave at by the microseconds that they left after it."""

    requests: int
    seconds: float
    bytes: int
    failed: int
    cpu: float
    latency: Counter[int] = field(repr=False)
    late: Counter[int] = field(default_factory=Counter, repr=False)

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def read(output: str, cpu_seconds: float) -> Sample:
    """The last line of what the script wrote; ValueError when there is none."""
    line = next((line for line in reversed(output.splitlines()) if line.startswith("{")), None)
    if line is None:
        raise ValueError(f"wrk said nothing that can be read:\n{output}")
    told = json.loads(line)
    seconds = told["microseconds"] / 1e6
    return Sample(
        requests=told["requests"],
        seconds=seconds,
        bytes=told["bytes"],
        failed=told["failed"],
        cpu=cpu_seconds / seconds,
        latency=Counter(dict(told["latency"])),
    )


def run(requests: Sequence[bytes], ports: Sequence[int], connections: int, seconds: float) -> Sample:
    """Closed loop: each connection sends its next request when the answer to the last one is there."""
    threads = min(len(ports), connections)
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\0".join(requests))
        file.flush()
        given = {
            "LOAD_REQUESTS": file.name,
            "LOAD_PORTS": " ".join(map(str, ports)),
            "LOAD_ONCE": ONCE,
            "LOAD_RUN": secrets.token_hex(_RUN),
        }
        command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{max(round(seconds), 1)}s", "--timeout", "20s"]
        before = _cpu_of_children()
        done = subprocess.run(
            [*command, "-s", str(SCRIPT), f"http://127.0.0.1:{ports[0]}/"],
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + STOPPED_WITHIN,
        )
        used = _cpu_of_children() - before
    time.sleep(SETTLED)
    if done.returncode:
        raise RuntimeError(f"wrk failed: {done.stderr or done.stdout}")
    return read(done.stdout, used)


def drain(ports: Sequence[int], within: float = DRAINED_WITHIN) -> None:
    """Wait for what wrk left in flight at its end: it must not stand in the way of the next run. RuntimeError when it
    is not gone within so many seconds."""
    wanted, end = {f"{port:04X}" for port in ports}, time.monotonic() + within
    while _connected(wanted):
        if time.monotonic() > end:
            raise RuntimeError(f"After {within:g} seconds there still are connections to the ports {ports}.")
        time.sleep(0.02)


def _connected(ports: set[str]) -> bool:
    """Whether one of these ports, in hexadecimal, has a connection that was not closed by its server."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state = line.split()[:4]
        if local.partition(":")[2] in ports and state not in (LISTENING, IDLE):
            return True
    return False


def ask(request: bytes, port: int) -> tuple[int, bytes]:
    """One request on a connection of its own: status and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request.replace(ONCE.encode(), secrets.token_hex(len(ONCE) // 2).encode()))
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read()


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
