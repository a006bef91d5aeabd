"""From an invitation to the desk and back with a passkey, in a real browser over real answers."""

import re
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import expect

from orm.testing import Server
from rpc import Kind
from seldesk.methods.desk import people
from tests.web.console.test_looks import authenticator, stood_up
from tests.web.theatre import look
from tests.world import PASSWORD, address


@pytest.mark.long
async def test_a_passkey_enrols_signs_in_and_proves_and_the_pages_on_the_way_fit(cluster: tuple[Server, Path]) -> None:
    async with stood_up(cluster) as (world, browser, console):
        base, email = console.replace("ops.", "acme."), address("iris", "acme")
        await world.control_rows("UPDATE control.customers SET second_factor = 'workers' RETURNING 1")
        await world.app.refresh()
        invited = await world.acme.program(Kind.COMMAND)(people.invite, email=email, name="Iris", role="agent")
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        page, faults = await context.new_page(), list[str]()
        await authenticator(context, page)
        await page.goto(f"{base}/welcome/{invited.secret.rpartition('/')[2]}")
        faults += await look(page, "welcome-demanded")
        for field in ("#password", "#again"):
            await page.fill(field, "qwertyuiop")
        await page.click("text=Set password and sign in")
        await expect(page.locator("#password-wrong")).to_contain_text("became known elsewhere")
        for field in ("#password", "#again"):
            await page.fill(field, PASSWORD)
        await page.click("text=Set password and sign in")
        # Nothing else is open: whatever is asked for, it is this page.
        await page.wait_for_selector("text=Your second factor")
        await page.goto(f"{base}/desk/profile")
        await page.wait_for_selector("text=Your second factor")
        await page.click("text=Use a passkey")
        await page.wait_for_selector("text=I have kept them")
        faults += await look(page, "codes")
        await page.click("text=I have kept them")
        await page.click("#me summary >> visible=true")
        await page.click("text=Sign out >> visible=true")
        await page.fill("#email", email)
        await page.fill("#password", PASSWORD)
        await page.click("button:has-text('Sign in')")
        await page.wait_for_selector("text=Second step")
        await page.click("text=Use a passkey")
        await page.wait_for_url(re.compile("/desk/tickets"))
        # An hour later adding another asks who it is.
        world.clock.move(timedelta(hours=1))
        await page.goto(f"{base}/desk/profile")
        await page.click("text=Add another")
        await page.wait_for_selector("text=Is it you?")
        await page.click("text=Use a passkey")
        await page.wait_for_selector("text=Another second factor")
        await page.click("summary")
        secret = (await page.inner_text("#secret")).replace(" ", "")
        faults += await look(page, "new-factor-by-hand")
        await page.fill("#code", pyotp.TOTP(secret).at(world.clock.now()))
        await page.fill("#name", "Phone")
        await page.click("text=Add it")
        await page.wait_for_selector("text=Added.")
        await expect(page.locator(".factor-list b").first).to_have_text("Passkey")
        faults += await look(page, "profile-enrolled")
        await context.close()
    assert faults == []
