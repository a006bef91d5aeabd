"""The way into a customer's account and the bar above its pages, looked at in a browser."""

from pathlib import Path

import pytest

from orm.testing import Server
from tests.access import ANN, WHY, allowed, ticket
from tests.staff import hired
from tests.web.console.test_looks import signed_in, stood_up
from tests.web.theatre import inspect, look, walk


@pytest.mark.long
async def test_one_comes_in_sees_the_bar_on_every_page_and_goes(cluster: tuple[Server, Path]) -> None:
    async with stood_up(cluster) as (world, browser, base):
        mara, number = await hired(world, "support", "security"), await ticket(world)
        acme = base.replace("//ops.", "//acme.")
        async with signed_in(browser, base, mara) as page:
            await page.goto(f"{base}/customers/acme/access")
            faults = await inspect(page, "console-access-off")
            await allowed(world)
            await page.goto(f"{base}/customers/acme/access")
            await page.fill("#reason", "too short")
            await page.fill("#ticket", "999")
            await page.fill("#subject", ANN)
            await page.click("text=Make the link")
            await page.wait_for_selector("#reason-wrong")
            faults += await inspect(page, "console-access-wrong")
            await page.fill("#reason", WHY)
            await page.fill("#ticket", str(number))
            await page.click("text=Make the link")
            await page.wait_for_selector("text=Open Acme Support")
            faults += await look(page, "console-access-ready")
            await page.click("text=Open Acme Support")
            await page.wait_for_selector("text=Come in as Ann")
            faults += await look(page, "access-offered")
            await page.click("button:has-text('Come in')")
            await page.wait_for_selector(".acting")
            for path in ("/desk/tickets?view=all", f"/desk/tickets/{number}", "/desk/profile", "/nothing"):
                await page.set_viewport_size({"width": 1440, "height": 900})
                await page.goto(acme + path)
                faults += await walk(page, path)
                faults += await inspect(page, "acting" + path.partition("?")[0].replace("/", "-"))
            await page.goto(f"{acme}/desk/tickets/{number}")
            top = await page.evaluate("document.elementFromPoint(innerWidth / 2, 12).closest('.acting') !== null")
            assert top, "something covers the bar"
            await page.click("text=Stop")
            await page.wait_for_selector("text=Access to Acme Support")
            await page.go_back()
            await page.goto(f"{acme}/desk/tickets")
            await page.wait_for_selector("#password")
    assert faults == []
