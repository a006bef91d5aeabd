"""What somebody sees who waits: moving pictures on a terminal, and elsewhere a line for each step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

# A step with its name and how many parts it has; what comes back is called once for each part that is done.
Count = Callable[[str, int], Callable[[], None]]
console = Console(stderr=True, highlight=False)


@contextmanager
def step(text: str) -> Iterator[None]:
    if not console.is_terminal:
        _line(text)
        yield
        return
    with console.status(f"{text} ..."):
        yield


@contextmanager
def counted() -> Iterator[Count]:
    """Steps that go on side by side."""
    if not console.is_terminal:
        yield _told
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield lambda text, total: partial(progress.advance, progress.add_task(text, total=total))


def _told(text: str, total: int) -> Callable[[], None]:
    _line(f"{text}, {total} of them")
    return lambda: None


def _line(text: str) -> None:
    console.print(f"{text} ...", markup=False, soft_wrap=True)
