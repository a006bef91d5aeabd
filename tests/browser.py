"""The system's Chromium, quiet, for all tests that need a real browser."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

QUIET = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run"]
QUIET += ["disable-background-networking", "disable-component-update", "disable-sync"]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "set CHROMIUM to the program, or install your system's package"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=[f"--{switch}" for switch in QUIET])
        yield browser
        await browser.close()
