"""The stage behind a real server, before a real browser, and how its pages are looked at.

With SELDESK_PICTURES set to a folder they are photographed into it.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import Browser, BrowserContext, Page

from seldesk.web.live import Hub
from tests.browser import chromium
from tests.web import newcomers
from tests.web.stage import LINK, SESSION, Stage, answers, edge

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
# At 200 % a window of 1280 pixels has 640 left.
SIZES = {"wide": (1440, 900), "middle": (1000, 800), "phone": (390, 844), "zoomed": (640, 450)}


class Theatre:
    """The stage behind a real server, before a real browser."""

    def __init__(self, stage: Stage, browser: Browser, port: int) -> None:
        self.stage = stage
        self.browser = browser
        self.port = port

    def address(self, path: str) -> str:
        if path.startswith("http://localhost/"):
            return path.replace("localhost/", f"localhost:{self.port}/")
        return f"http://acme.localhost:{self.port}{path}"

    @asynccontextmanager
    async def context(self, size: str = "wide", **options: Any) -> AsyncIterator[BrowserContext]:
        width, height = SIZES[size]
        context = await self.browser.new_context(viewport={"width": width, "height": height}, **options)
        for name, value in (("session", SESSION), ("request", LINK)):
            await context.add_cookies([{"name": name, "value": value, "url": self.address("/")}])
        followed = self.address(newcomers.PAGES["sign-up-progress"])
        await context.add_cookies([{"name": "sign_up", "value": newcomers.TOKEN, "url": followed}])
        yield context
        await context.close()

    async def open(self, context: BrowserContext, path: str) -> Page:
        page = await context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.troubles: list[str] = []
        await page.goto(self.address(path))
        return page


@asynccontextmanager
async def opened() -> AsyncIterator[Theatre]:
    stage = Stage(answers=answers())
    server = uvicorn.Server(
        uvicorn.Config(edge(stage, hub=Hub(stage.calling)), port=0, lifespan="off", log_config=None)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    async with chromium() as browser:
        yield Theatre(stage, browser, server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await serving


async def look(page: Page, name: str, *, read: bool = True, rules: str = "") -> list[str]:
    """What is wrong with the page that is open, as sentences; rules are axe's, all of them when nothing is said."""
    if folder := os.environ.get("SELDESK_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    faults = [f"{name}: {wide} pixels too wide"] if wide > 0 else []
    if read:
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(AXE.read_text())
        found = await page.evaluate(f"axe.run({{resultTypes: ['violations'], {rules}}})")
        for fault in found["violations"]:
            places = ", ".join(str(node["target"]) for node in fault["nodes"])
            faults.append(f"{name}: {fault['help']}: {places}")
    return faults


# Colours are the theme's, and all the rest is the layout's.
COLOURS = "runOnly: ['color-contrast', 'link-in-text-block']"
LAYOUT = "rules: {'color-contrast': {enabled: false}, 'link-in-text-block': {enabled: false}}"


async def inspect(page: Page, name: str) -> list[str]:
    """One page in all sizes and both themes, loaded once."""
    faults: list[str] = []
    for size, theme, read, rules in (
        ("wide", "light", True, ""),
        ("wide", "dark", True, COLOURS),
        ("phone", "light", True, LAYOUT),
        ("phone", "dark", False, ""),
        ("zoomed", "dark", False, ""),
        ("middle", "light", False, ""),
    ):
        scheme: Any = theme
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))  # type: ignore[arg-type]
        faults += await look(page, f"{name}-{size}-{theme}", read=read, rules=rules)
    return faults


# What can be reached, and how each looks with and without the focus.
WATCH = """() => {
  document.activeElement?.blur();
  const parts = ["boxShadow", "borderColor", "backgroundColor", "color"];
  const line = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 1;
  const seen = (one) => {
    const around = [one, one.parentElement, one.parentElement?.parentElement, ...(one.labels ?? [])];
    const more = [one.nextElementSibling].filter((next) => one.matches("input") && next);
    const styles = [...around, ...more].filter(Boolean).map((each) => getComputedStyle(each));
    return JSON.stringify(styles.map((style) => [line(style), ...parts.map((part) => style[part])]));
  };
  const within = (one) => one.type !== "radio" || one.checked ||
    !document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"]:checked`);
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden" && within(one) && one.checkVisibility());
  window.walked = { all, met: new Set(), plain: new Map(all.map((one) => [one, seen(one)])), unseen: new Set() };
  addEventListener("focusin", ({ target }) => {
    walked.met.add(target);
    if (walked.plain.get(target) === seen(target)) walked.unseen.add(target);
  });
  // Day, month, year and the calendar of a date are stops of their own.
  return all.length + 3 * all.filter((one) => one.type === "date").length;
}"""
WALKED = """() => {
  const say = (one) => one.outerHTML.slice(0, 120);
  return [walked.all.filter((one) => !walked.met.has(one)).map(say), [...walked.unseen].map(say)];
}"""


async def walk(page: Page, name: str) -> list[str]:
    """With the Tab key alone: everything is reached, each shows that it was, and nothing holds on."""
    for _ in range(await page.evaluate(WATCH) + 3):
        await page.keyboard.press("Tab")
    missed, unseen = await page.evaluate(WALKED)
    faults = [f"{name}: no Tab leads to {one}" for one in missed]
    return faults + [f"{name}: one cannot see that the focus is at {one}" for one in unseen]
