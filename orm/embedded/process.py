import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .account import Account

_NO_PROCESS = 2_000_000_000  # beyond what any system gives out

# The servers that this process has started, by their folder: whichever object stops one, only its parent
# can see that it has ended.
_children: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Process:
    """A server that runs in a folder, be it ready or not."""

    pid: int
    port: int
    ready: bool


def find(data: Path) -> Process | None:
    """The server that runs in this folder, whoever started it."""
    try:
        lines = _file(data).read_text().splitlines()
        found = Process(int(lines[0]), int(lines[3]), len(lines) > 7 and lines[7].strip() == "ready")
    except (FileNotFoundError, ValueError, IndexError):
        return None
    # The file may be left from before a restart of the machine, and its number be another's by now.
    return found if str(data) in _command_line(found.pid) else None


def launch(data: Path, command: list[str], log: Path, environment: dict[str, str], who: Account) -> int:
    """Starts a server that outlives this program unless it is stopped; its number."""
    with log.open("ab") as written:
        _children[data] = subprocess.Popen(
            [*who.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=written,
            start_new_session=True,
            env=environment,
            **who.options,
        )
    return _children[data].pid


def has_failed(data: Path) -> bool:
    """Whether the server launched last has ended by itself."""
    return data in _children and _children[data].poll() is not None


def end(data: Path, number: signal.Signals, patience: float) -> bool:
    """Sends the signal and waits so many seconds; whether no server runs any more."""
    if found := find(data):
        os.kill(found.pid, number)
    elif data in _children and not has_failed(data):
        # It was launched a moment ago and has not written its number down yet.
        _children[data].send_signal(number)
    until = time.monotonic() + patience
    while find(data) is not None:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    if child := _children.pop(data, None):
        child.wait(patience)
    return True


def clear(data: Path) -> None:
    """Makes PostgreSQL see that no server runs here, when that is so."""
    if child := _children.pop(data, None):
        child.wait()
    if not _file(data).exists():
        return
    # It takes any living process of this number for its own. The rest of the file must stay: by it
    # PostgreSQL sees whether children of a killed server still run.
    number, _, rest = _file(data).read_text().partition("\n")
    if _command_line(int(number)):
        _file(data).write_text(f"{_NO_PROCESS}\n{rest}")


def _file(data: Path) -> Path:
    return data / "postmaster.pid"


def _command_line(pid: int) -> str:
    """Empty where there is no such process, or it has ended and nobody has taken notice."""
    if Path("/proc/self").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes())
        except OSError:
            return ""
    listed = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return listed.stdout
