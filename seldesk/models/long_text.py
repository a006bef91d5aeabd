"""Long texts are read and written beside the loop, so that nobody's text keeps all the others waiting."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
SHORT = 5_000  # characters: a thread would cost more than it gives
# Two, for a process has hardly more than one core; whoever waits holds one of their own few connections meanwhile.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="text")


async def apart(text: str, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What work makes of them; text is what it takes its time for."""
    if len(text) <= SHORT:
        return work(*args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: work(*args, **kwargs))
