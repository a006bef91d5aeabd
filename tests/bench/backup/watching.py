"""The most memory that processes ever held, seen from beside them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

LOOK = 0.02  # seconds; the system itself remembers the most that each ever had
SEALER = "sealer.py"


@dataclass(slots=True)
class Peaks:
    """Megabytes. beside is the provisioner's own process, which hands the sealed bytes to the stores."""

    sealing: float = 0.0
    beside: float = 0.0


@asynccontextmanager
async def watching(provisioner: int, peaks: Peaks) -> AsyncIterator[None]:
    """Meanwhile, of the programs that it starts to seal and to open."""

    async def look() -> None:
        while True:
            peaks.beside = max(peaks.beside, most_mb(provisioner))
            for child in _children(provisioner):
                if any(part.endswith(SEALER) for part in _read(child, "cmdline").split("\0")):
                    peaks.sealing = max(peaks.sealing, most_mb(child))
            await asyncio.sleep(LOOK)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


def most_mb(process: int) -> float:
    """The most that it has held resident since it began; 0 when it has ended."""
    lines = [line for line in _read(process, "status").splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) * 1024 / 1e6 if lines else 0.0


def _children(process: int) -> list[int]:
    """And theirs: what seals forks for each job."""
    try:
        tasks = [task.name for task in Path(f"/proc/{process}/task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    own = [int(child) for task in tasks for child in _read(process, f"task/{task}/children").split()]
    return own + [child for one in own for child in _children(one)]


def _read(process: int, what: str) -> str:
    try:
        return Path(f"/proc/{process}/{what}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
