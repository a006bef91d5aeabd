"""Passwords: kept as argon2id, worked on one after the other in a thread: signing in cannot starve the pages."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, ParamSpec, TypeVar

from msgspec import Meta
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

P = ParamSpec("P")
R = TypeVar("R")
Password = Annotated[str, Meta(min_length=1, max_length=128)]
NewPassword = Annotated[str, Meta(min_length=8, max_length=128)]

# OWASP's minimum for argon2id. The library's own defaults take six times as long and four lanes.
hashes = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))
# One for each process: a second one takes a core from the pages, and a process has hardly more than one.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="password")


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return await asyncio.get_running_loop().run_in_executor(_thread, lambda: work(*args, **kwargs))


async def hashed_in_thread(password: str) -> str:
    """Also what an unknown address costs, so that it takes as long as a known one."""
    return await in_thread(hashes.hash, password)
