"""Seldesk as its own processes, as an operator starts them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60.0


def environment(home: Path, **given: str) -> dict[str, str]:
    """Nothing of the machine's own settings gets in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SELDESK_")}
    return {**kept, "SELDESK_HOME": str(home), "PYTHONUNBUFFERED": "1", **given}


def free_ports(number: int) -> list[int]:
    """Ports side by side that nobody listens on."""
    while True:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
        ports = [port + offset for offset in range(number)]
        if all(_free(one) for one in ports):
            return ports


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def run(*arguments: str, given: Mapping[str, str], module: str = "seldesk") -> subprocess.CompletedProcess[str]:
    """One `seldesk` command until it ends."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=dict(given),
        capture_output=True,
        text=True,
        timeout=PATIENCE * 3,
        check=False,
    )


@contextmanager
def running(
    *arguments: str, given: Mapping[str, str], log: Path, module: str = "seldesk"
) -> Iterator[subprocess.Popen[bytes]]:
    """A `seldesk` process that is told to end at the end, as Ctrl+C tells it."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], env=dict(given), stdout=file, stderr=file
        )
    try:
        yield process
    finally:
        process.send_signal(2)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until_answering(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a door is open; a process that ends before says why."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nobody answers on port {port}:\n{log.read_text()[-3000:]}")


def until(happened: Callable[[], object], log: Path) -> None:
    """Wait for it; where it does not happen the log says why."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(log.read_text()[-3000:])
        time.sleep(0.02)


def living(home: Path) -> list[str]:
    """The command lines of all processes that were started for this state folder, or serve what lies in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, variables = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        if command and os.fsencode(home) in command + b"\0" + variables:
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found
