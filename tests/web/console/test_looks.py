"""The console in a real browser, over real answers: read by axe, walked with the Tab key, and entered by a passkey."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, expect

import orm
from orm.testing import Server
from rpc import Kind
from seldesk.app.measuring_places import measure_places
from seldesk.app.stores import archive
from seldesk.methods.console import ops_staff
from seldesk.methods.control import alerts, customers, endings, figures, jobs
from seldesk.methods.control.figures import Health
from seldesk.models import control
from seldesk.web.console.routes import CONSOLE
from seldesk.web.credential import STAFF
from tests.acceptance.processes import free_ports
from tests.browser import chromium
from tests.staff import MARA, Member, hired, invited, scheduled
from tests.web.theatre import inspect, look, walk
from tests.web.visitor import method_of
from tests.world import PASSWORD, World
from tests.world import world as made

PAGES = [
    "/",
    "/customers",
    "/customers/acme",
    "/customers/acme/access",
    "/customers/acme/move",
    "/customers/acme/restore",
    "/customers/acme/person",
    "/customers/acme/close",
    "/clusters",
    "/backups",
    "/mail",
    "/erasures",
    "/jobs",
    "/alerts",
    "/clean-ups",
    "/incidents",
    "/incidents/new",
    "/reports",
    "/findings",
    "/disclosures",
    "/audit",
    "/security",
    "/staff",
    "/profile",
    "/profile/factors/new",
]
# Of those who come in, looked at on their way, and one of the staff.
ON_THE_WAY = ["/sign-in", "/sign-in/factor", "/welcome/{token}", "/enrol", "/again", "/staff/{id}"]
# Shown by tests of their own, with something in them.
INCIDENTS = {"/incidents/{id}", "/incidents/{id}/edit", "/incidents/{id}/preview", "/reports/{id}", "/findings/{id}"}
INCIDENTS |= {"/disclosures/{id}", "/incidents/{id}/preview/page", "/incidents/{id}/preview/mail"}


@asynccontextmanager
async def stood_up(cluster: tuple[Server, Path]) -> AsyncIterator[tuple[World, Browser, str]]:
    (port,) = free_ports(1)
    async with made(*cluster, SELDESK_PORT=str(port)) as world:
        server = uvicorn.Server(uvicorn.Config(world.app.web(), port=port, lifespan="off", log_config=None))
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            async with chromium() as browser:
                yield world, browser, f"http://ops.localhost:{port}"
        finally:
            server.should_exit = True
            await serving


async def busy(world: World) -> Member:
    """A morning with something on every page."""
    command, job = world.app.program(Kind.COMMAND), world.app.program(Kind.JOB)
    for slug, plan in (("nordwind", "paid"), ("initech", "free"), ("umbra", "education")):
        await command(customers.create, slug=slug, name=f"{slug.title()} GmbH & Co. KG", plan=plan)  # type: ignore[arg-type]
    await command(endings.suspend, slug="acme", reason="unpaid since May")
    found = [alerts.Found(f"main: {world.acme.database}", "public may connect"), alerts.Found("main: c_0", "nobody's")]
    await job(alerts.report, check="catalogue", found=found)
    for _ in range(20):
        world.clock.move(timedelta(minutes=1))
        await scheduled(world, "tidy", "registry")
    await world.control_rows("UPDATE control.jobs SET attempts = 3 WHERE number = 5 OR number = 12 RETURNING 1")
    await world.control_rows("UPDATE control.jobs SET state = 'dead' WHERE number = 9 RETURNING 1")
    for kind in ("departures", "roles"):
        await job(jobs.ask_for, kind=kind, slot="2026-03-02T02:30", next_at=world.clock.now() - timedelta(hours=1))
    roles = (await job(jobs.claim, kinds=["roles"]))[0]
    await job(jobs.failed, job=roles.id, lease=roles.lease, reason="Unavailable")
    await command(endings.terminate, slug="acme", erasing="clean-up")
    await lived(world)
    await invited(world, "support", email="otto@operator.example")
    return await hired(world, "support", "operations", "security", "billing")


async def lived(world: World) -> None:
    """Copies, restores and figures, as some weeks leave them."""
    now, job = world.clock.now(), world.app.program(Kind.JOB)
    served = [Health(8_400_000, 3_100_000, 7, 2, 1, 3, now, 4, now - timedelta(hours=2), 2, 1, 1)]
    await job(figures.put, measured=[figures.Measured(world.acme.id, one) for one in served])
    await measure_places(world.app, archive(world.app.settings), still_at_it)
    async with world.app.control.transaction("control"):
        everybody = await control.Customer.query().order_by(control.Customer.slug).all()
        for number, customer in enumerate(everybody):
            customer.state = "active" if customer.state == "requested" else customer.state
            made: dict[str, Any] = {"customer_id": customer.id, "cluster": "main"}
            for day in range(3):
                taken = now - timedelta(hours=1 + 5 * number, days=day)
                facts = {"kind": "scheduled", "size": 2_600_000, "replicas": 2, "restore_seconds": 14}
                times = {"began_at": taken, "snapshot_at": taken, "verified_at": now, "restored_at": now}
                copy = control.Copy.add(**made, **facts, **times)
            for kind, state in (("live", "waiting"), ("drill", "failed"), ("aside", "open")):
                asked = {"copy_id": copy.id, "snapshot_at": now, "rank": 0, "kind": kind, "state": state}
                beside = {"slug": f"{customer.slug}--4f1c22ab"} if kind == "aside" else {}
                over = {"began_at": now, "ended_at": now, "until": now} if state != "waiting" else {}
                wrong = {"error": "app.people has 3 rows, not 4"} if state == "failed" else {}
                control.Restore.add(**made, **asked, **beside, **over, **wrong, asked_at=now)
        await orm.flush()
        ids = [customer.id for customer in everybody]
        await control.Erasure.enter(orm.uuid7(), "customer", ids[0], None, now)
        await control.Erasure.enter(orm.uuid7(), "person", orm.uuid7(), orm.uuid7(), now)


async def still_at_it() -> None:
    """What a job calls to say that it is still at it."""


@asynccontextmanager
async def signed_in(browser: Browser, base: str, mara: Member) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    await context.add_cookies([{"name": STAFF, "value": mara.token, "url": base}])
    yield await context.new_page()
    await context.close()


async def authenticator(context: BrowserContext, page: Page) -> None:
    """A security key that knows its owner."""
    session = await context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.long
async def test_a_passkey_enrols_signs_in_and_proves_and_the_pages_on_the_way_fit(cluster: tuple[Server, Path]) -> None:
    async with stood_up(cluster) as (world, browser, base):
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        page, faults = await context.new_page(), list[str]()
        await scheduled(world, "tidy")
        await authenticator(context, page)
        await page.goto(f"{base}/welcome/{await invited(world, 'operations', 'security')}")
        faults += await look(page, "console-welcome")
        await page.fill("#password", PASSWORD)
        await page.fill("#again", PASSWORD)
        await page.click("text=Next")
        await page.wait_for_selector("text=Your second factor")
        faults += await look(page, "console-enrol")
        await page.click("text=Use a passkey")
        await page.wait_for_selector("text=I have kept them")
        faults += await look(page, "console-codes")
        await page.click("text=I have kept them")
        await page.click("text=Sign out")
        await page.wait_for_selector("text=Sign in to the console")
        await page.fill("#email", MARA)
        await page.fill("#password", PASSWORD)
        faults += await look(page, "console-sign-in")
        await page.click("text=Next")
        await page.wait_for_selector("text=Second step")
        faults += await look(page, "console-factor")
        await page.click("text=Use a passkey")
        await page.wait_for_selector("h1:has-text('Overview')")
        world.clock.move(timedelta(minutes=6))
        await page.goto(f"{base}/jobs")
        await page.click("[aria-label='Run now: tidy']")
        await page.wait_for_selector("text=Prove it is you")
        faults += await look(page, "console-again")
        await page.click("text=Use a passkey")
        await page.click("[aria-label='Run now: tidy']")
        await page.wait_for_selector("text=tidy was asked for")
        await page.goto(f"{base}/profile/factors/new")
        await page.click("text=Add a passkey")
        await expect(page.locator(".passkey .wrong")).to_have_text("This passkey is enrolled already.")
        await context.close()
    assert faults == []


@pytest.mark.long
async def test_every_page_is_accessible_and_fits(cluster: tuple[Server, Path]) -> None:
    async with stood_up(cluster) as (world, browser, base):
        mara = await busy(world)
        member = (await mara.call(ops_staff.page)).staff[1].id
        async with signed_in(browser, base, mara) as page:
            faults = list[str]()
            for path in [*PAGES, f"/staff/{member}"]:
                await page.goto(base + path)
                name = "console" + path.replace("/", "-")
                faults += await look(page, name)
    assert faults == []


@pytest.mark.long
async def test_every_page_can_be_walked_and_fits_in_all_sizes_and_themes(cluster: tuple[Server, Path]) -> None:
    async with stood_up(cluster) as (world, browser, base):
        mara = await busy(world)
        otto = (await mara.call(ops_staff.page)).staff[1].id
        async with signed_in(browser, base, mara) as page:
            faults = list[str]()
            for path in [*PAGES, f"/staff/{otto}", "/again", "/sign-in", "/customers?sought=nobody", "/nothing"]:
                await page.set_viewport_size({"width": 1440, "height": 900})
                await page.goto(base + path)
                faults += await walk(page, path)
                faults += await inspect(page, "console" + path.partition("?")[0].replace("/", "-"))
    assert faults == []


def test_every_page_is_looked_at() -> None:
    shown = {route.path for route in CONSOLE if method_of(route) == "GET"}
    looked_at = {path.replace("/acme", "/{slug}") for path in (*PAGES, *ON_THE_WAY)} | INCIDENTS
    assert shown == looked_at
