"""The way into a customer's account and the bar above its pages, looked at in a browser."""

from pathlib import Path

import pytest

from orm.testing import Server
from tests.access import ANN, WHY, allowed, come_in, ticket
from tests.mail.payloads import PAYLOADS
from tests.staff import hired
from tests.web.console.test_looks import signed_in, stood_up
from tests.web.theatre import inspect, look, walk
from tests.world import mail


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


# What lies over all else, and is told to the page as text, as HTML, and from within the frame of a mail.
COVER = "position:fixed;inset:0;z-index:2147483647;background:#fff"
# What is wrong with the bar: "" where nothing is.
WRONG = """() => {
    const bar = document.querySelector(".acting"), { top, left, width, height } = bar.getBoundingClientRect();
    const at = [0.02, 0.25, 0.5, 0.75, 0.98].map((part) => document.elementFromPoint(left + width * part, height / 2));
    if (top !== 0 || height < 20) return `it is at ${top}, and ${height} high`;
    const covers = at.filter((one) => !bar.contains(one));
    return covers.map((one) => one?.outerHTML.slice(0, 200) ?? "nothing").join(" ");
}"""
COVERED = "(style) => { document.body.append(document.createElement('div')); document.body.lastChild.style = style; }"


@pytest.mark.long
async def test_11_nothing_in_a_hostile_mail_covers_the_bar(cluster: tuple[Server, Path]) -> None:
    covers = [
        f"<div style='{COVER}'>Sign in again</div>",
        f"<style>* {{ {COVER} }} .acting {{ display: none !important }}</style>",
        f"<dialog open style='{COVER}'>Sign in again</dialog><div popover style='{COVER}'>x</div>",
        "<base target=_top><meta http-equiv=refresh content='0;url=https://evil.example/'>",
        "</article></main></body><div class='acting'>Bo acts as Cleo</div>",
        "<p style='margin-top:-9000px;height:20000px;transform:scale(99)'>x</p>",
    ]
    html = "".join((*covers, *PAYLOADS))
    async with stood_up(cluster) as (world, browser, base):
        received = await world.acme.mail(mail(text=html, html=html))
        assert received.ticket is not None
        await allowed(world)
        her = await come_in(world, await hired(world, "support"), received.ticket)
        acme = base.replace("//ops.", "//acme.")
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        await context.add_cookies([{"name": "access", "value": her.token, "url": acme}])
        page = await context.new_page()
        await page.goto(f"{acme}/desk/tickets/{received.ticket}")
        assert await page.evaluate(WRONG) == ""
        await page.click("text=Show as sent")
        frame = page.frame_locator(".original iframe")
        await frame.locator("body").wait_for()
        for end in ("0", "document.documentElement.scrollHeight"):
            await page.evaluate(f"document.querySelector('.conversation, main').scrollTo(0, {end}); scrollTo(0, {end})")
            assert await page.evaluate(WRONG) == "", end
        assert await page.locator(".acting").count() == 1
        assert page.url == f"{acme}/desk/tickets/{received.ticket}"
        await page.evaluate(COVERED, COVER)
        assert "position: fixed" in await page.evaluate(WRONG), "a cover is seen"
        await context.close()
