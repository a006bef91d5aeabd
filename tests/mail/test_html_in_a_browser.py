"""The payloads before a real browser, which has the last word. No policy helps here: the sanitiser stands alone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route

from seldesk.mail.html import document, sanitise
from tests.browser import chromium
from tests.mail.payloads import PAYLOADS

pytestmark = pytest.mark.asyncio(loop_scope="module")

STAGE = "https://stage.example/"


class Stage:
    """A page that notes what ran in it and what it wanted to fetch."""

    def __init__(self, page: Page) -> None:
        self.page, self.shown, self.fetched = page, "", list[str]()

    async def answer(self, route: Route) -> None:
        if route.request.url == STAGE:
            await route.fulfill(body=self.shown, content_type="text/html; charset=utf-8")
        else:
            self.fetched.append(route.request.url)
            await route.abort()

    async def happens(self, html: str) -> list[str]:
        self.shown, self.fetched = html, []
        await self.page.goto(STAGE, wait_until="load")
        await self.page.mouse.move(40, 40)
        if await self.page.evaluate("sessionStorage.getItem('ran')"):
            self.fetched.append("it ran")
        await self.page.evaluate("sessionStorage.clear()")
        return self.fetched


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with chromium() as browser:
        page = await browser.new_page()
        await page.add_init_script("window.run = () => sessionStorage.setItem('ran', 'yes')")
        one = Stage(page)
        await page.route("**/*", one.answer)
        yield one


@pytest.mark.flaw("FreeScout CVE-2024-34697")
@pytest.mark.asvs("V1.3.1")
async def test_no_payload_runs_or_fetches_anything(stage: Stage) -> None:
    for around in ("{}", "<p title='{}'>x", "<table><tr><td>{}"):
        pages = [around.replace("{}", payload) for payload in PAYLOADS]
        safe = "".join(f"<section>{sanitise(page, image_urls={}, show_remote=False)}</section>" for page in pages)
        assert await stage.happens(document(safe)) == []
        assert await stage.page.locator("section").count() == len(PAYLOADS)


async def test_the_payloads_are_live(stage: Stage) -> None:
    some = [payload for payload in PAYLOADS if "run()" in payload and "href" not in payload][:12]
    ran = [payload for payload in some if "it ran" in await stage.happens(f"<!doctype html><body>{payload}")]
    assert len(ran) >= 6
