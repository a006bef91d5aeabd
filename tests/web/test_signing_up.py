"""The form of the public site in a browser: what it tells while it is filled in, and what comes after it."""

from typing import Any

import pytest

import rpc
from tests.web import newcomers
from tests.web.stage import Stage, answers, edge
from tests.web.theatre import Theatre, look
from tests.web.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_signing_up_is_accessible_where_something_is_wrong(theatre: Theatre, theme: Any) -> None:
    faults: list[str] = []
    async with theatre.context("phone" if theme == "dark" else "wide", color_scheme=theme) as context:
        page = await theatre.open(context, newcomers.PAGES["sign-up"])
        await page.fill("#organisation", "3. Söhne & Nordwind AG")
        await page.press("#organisation", "Tab")
        assert await page.input_value("#slug") == "sohne-nordwind-ag"
        await page.wait_for_selector("#slug-said .wrong >> text=nordwind-desk is free")
        assert await page.get_attribute("#slug", "aria-invalid") == "true"
        faults += await look(page, f"sign-up-taken-{theme}")
        await page.fill("#slug", "nordwind")
        await page.wait_for_selector("#slug-said >> text=nordwind is free")
        for country, city in (("AT", "Frankfurt"), ("CA", "Ashburn")):
            await page.select_option("#country", country)
            await page.wait_for_selector(f"#where >> text={city}")
        await page.select_option("#region", "eu")
        await page.wait_for_selector("#where >> text=Frankfurt")
        faults += await look(page, f"sign-up-placed-{theme}")
        theatre.stage.answers["sign_ups.begin"] = rpc.Invalid(
            fields=dict.fromkeys(("slug", "organisation", "name", "email", "country", "terms"), "This is not right.")
        )
        await page.fill("#name", "Nina Nord")
        await page.fill("#email", "nina@nordwind.example")
        await page.check("[name=terms]")
        await page.click("button.go")
        await page.wait_for_selector("#terms-wrong")
        assert [await page.input_value(field) for field in ("#slug", "#country", "#region")] == ["nordwind", "CA", "eu"]
        faults += await look(page, f"sign-up-refused-{theme}")
        theatre.stage.answers["sign_ups.read"] = newcomers.pending(newcomers.TAKEN)
        await page.goto(theatre.address(newcomers.PAGES["sign-up-confirm"]))
        faults += await look(page, f"sign-up-late-{theme}")
        theatre.stage.answers["sign_ups.progress"] = newcomers.progress("roles", failed=True)
        await page.goto(theatre.address(newcomers.PAGES["sign-up-progress"]))
        faults += await look(page, f"sign-up-failed-{theme}")
        theatre.stage.answers["sign_ups.progress"] = newcomers.progress("open", ready=True)
        await page.wait_for_selector("text=Choose your password")
        assert await page.inner_text("#told") == "Your helpdesk is ready"
        faults += await look(page, f"sign-up-ready-{theme}")
    assert faults == []


async def test_the_home_page_stands_while_nobody_can_sign_up() -> None:
    stage = Stage(answers=answers() | {"sign_ups.offer": rpc.Unavailable()})
    async with Visitor(edge(stage), "localhost:8000", known=False) as visitor:
        assert "keeps its customers apart" in (await visitor.get("/")).text
        assert (await visitor.get("/sign-up")).status_code == 503


@pytest.mark.asvs("V3.3.1", "V3.3.3", "V3.3.4")
async def test_what_follows_a_sign_up_is_bound_to_the_host_and_travels_over_https_only() -> None:
    app, path = edge(Stage(answers=answers()), development=False), f"/sign-up/confirm/{newcomers.TOKEN}"
    async with Visitor(app, "desk.example", scheme="https", known=False) as visitor:
        confirmed = await visitor.submit(path, path)
        assert confirmed.headers["location"] == "/sign-up/progress"
        cookie = confirmed.headers["set-cookie"].lower()
        assert cookie.startswith(f"__host-sign_up={newcomers.TOKEN}")
        assert [part for part in ("secure", "httponly", "samesite=lax", "path=/") if part not in cookie] == []
        assert newcomers.TOKEN not in confirmed.headers["location"]
    async with Visitor(app, "desk.example", known=False) as visitor:
        plain = await visitor.post(path, data={}, headers={"Sec-Fetch-Site": "same-origin"})
        assert plain.status_code == 403


@pytest.mark.asvs("V3.5.1", "V3.5.3")
async def test_no_other_site_signs_anybody_up() -> None:
    stage = Stage(answers=answers())
    async with Visitor(edge(stage), "localhost:8000", known=False) as visitor:
        for page, path in ((newcomers.PAGES["sign-up"], "/sign-up"), (newcomers.PAGES["sign-up-confirm"],) * 2):
            token = await visitor.form_token(page)
            stage.calls.clear()
            for headers in ({}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://acme.localhost:8000"}):
                assert (await visitor.post(path, data={"form_token": token}, headers=headers)).status_code == 403
            without = await visitor.post(path, data={"slug": "x"}, headers={"Sec-Fetch-Site": "same-origin"})
            assert without.status_code == 403
            assert stage.calls == []
