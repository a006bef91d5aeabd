"""What all commands share: the settings, an application for as long as the command runs, a sentence where it fails."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import uvloop
from rich.console import Console

from seldesk.app.build import Application, opened
from seldesk.app.running import database
from seldesk.logs import configure
from seldesk.settings import Settings

R = TypeVar("R")
console = Console(stderr=True)


def fail(sentence: str) -> NoReturn:
    console.print(f"[bold red]Failed:[/] {sentence}", highlight=False, soft_wrap=True)
    sys.exit(1)


def settings() -> Settings:
    """From the file in SELDESK_CONFIG and the environment."""
    loaded = Settings.load(None, os.environ)
    configure(loaded.log.level, console=loaded.development and sys.stderr.isatty(), stream=sys.stderr)
    return loaded


def with_application(work: Callable[[Application], Awaitable[R]]) -> R:
    async def run() -> R:
        async with opened(chosen, found.cluster) as app:
            return await work(app)

    chosen = settings()
    # The loop of uvloop takes half of the time for what a socket brings.
    with database(chosen) as found, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())
