"""Run as a program of its own: ends a test's PostgreSQL and removes its folder when its parent is gone."""

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path


def guard(folder: Path) -> None:
    sys.stdin.buffer.read()  # ends when the parent closes the pipe, or dies however it may
    pid = _pid(folder)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
        end = time.monotonic() + 10
        while _pid(folder) == pid and time.monotonic() < end:
            time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


def _pid(folder: Path) -> int | None:
    try:
        return int((folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
