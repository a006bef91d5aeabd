"""The console through its own door: forms without a script, and hosts that know nothing of each other."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pyotp
import pytest

import orm
from orm import StatementCounter
from rpc import Kind
from seldesk.jobs.relay import Refused
from seldesk.methods.console import ops_access
from seldesk.methods.control import alerts, operator_log
from seldesk.methods.desk import reports
from seldesk.models import control
from seldesk.web.application import ACCOUNT, DESK, PORTAL, SETTINGS, SITE
from seldesk.web.console.routes import CONSOLE
from seldesk.web.console_words import CUSTOMER_PAGES, HEALTHS, ORDERS, SECTIONS
from seldesk.web.credential import STAFF
from seldesk.web.settings.panel import PANEL
from tests.incidents import deliver_all, named, published
from tests.staff import MARA, hired, invited, scheduled
from tests.web.stage import Stage, answers, edge
from tests.web.visitor import FROM_OUR_PAGE, Visitor, address_of, method_of
from tests.world import PASSWORD, World

OPS = "ops.localhost:8080"


@asynccontextmanager
async def browser(world: World, token: str = "", host: str = OPS) -> AsyncIterator[Visitor]:
    """Nobody's, or one in which one of the staff is signed in."""
    async with Visitor(world.app.web(), host=host, known=False) as visitor:
        if token:
            visitor.cookies.set(STAFF, token)
        yield visitor


@pytest.mark.asvs("V6.3.3", "V14.3.1")
async def test_one_comes_in_by_the_link_and_again_by_both_factors_without_a_script(world: World) -> None:
    link = f"/welcome/{await invited(world, 'operations')}"
    async with browser(world) as mara:
        chosen = await mara.submit(link, link, {"password": PASSWORD, "again": PASSWORD})
        assert (chosen.status_code, chosen.headers["location"]) == (303, "/enrol")
        shown = await mara.get("/enrol")
        found = re.search(r'id="secret">([A-Z2-7 ]+)<', shown.text)
        assert found
        secret = pyotp.TOTP(found[1].replace(" ", ""))
        token = re.search(r'name="form_token" value="([^"]+)"', shown.text)
        assert token
        form = {"form_token": token[1], "code": "000000"}
        wrong = await mara.post("/enrol/code", data=form, headers=FROM_OUR_PAGE)
        assert wrong.status_code == 422
        assert found[1] not in wrong.text
        form["code"] = secret.at(world.clock.now())
        codes = await mara.post("/enrol/code", data=form, headers=FROM_OUR_PAGE)
        assert len(re.findall(r"<li><code>[a-z0-9-]{19}</code>", codes.text)) == 10
        assert "Acme Support" in (await mara.get("/customers")).text
        out = await mara.submit("/profile", "/sign-out")
        assert out.headers["clear-site-data"] == '"cache", "storage"'
        sent_away = await mara.get("/jobs")
        assert sent_away.headers["location"] == "/sign-in?next=%2Fjobs"
        world.clock.move(timedelta(minutes=1))
        refused = await mara.submit("/sign-in", "/sign-in", {"email": MARA, "password": "wrong"})
        assert refused.status_code == 422
        stepped = await mara.submit("/sign-in", "/sign-in", {"email": MARA, "password": PASSWORD})
        assert stepped.headers["location"].startswith("/sign-in/factor")
        assert (await mara.get("/customers")).status_code == 303
        there = await mara.submit("/sign-in/factor", "/sign-in/factor", {"code": secret.at(world.clock.now())})
        assert there.headers["location"] == "/"
        assert (await mara.get("/customers")).status_code == 200


@pytest.mark.asvs("V7.5.1")
async def test_what_matters_asks_once_more_and_leads_back(world: World) -> None:
    mara = await hired(world, "operations")
    await scheduled(world, "tidy")
    world.clock.move(timedelta(minutes=6))
    async with browser(world, mara.token) as visitor:
        asked = await visitor.submit("/jobs", "/jobs/tidy/run")
        assert asked.headers["location"] == "/again?next=%2Fjobs"
        assert await world.control_rows("SELECT kind FROM control.jobs") == ["tidy"]
        proof = {"password": PASSWORD, "code": mara.code(), "next": "//evil.example/"}
        back = await visitor.submit("/again", "/again", proof)
        assert back.headers["location"] == "/"
        done = await visitor.submit("/jobs", "/jobs/tidy/run")
        assert done.headers["location"] == "/jobs?asked=tidy"
        assert await world.control_rows("SELECT kind FROM control.jobs") == ["tidy", "tidy"]
        assert "Job asked for" not in (await visitor.get("/profile")).text
        assert "Asked for a job" in (await visitor.get("/profile")).text


@pytest.mark.asvs("V3.5.4", "V8.4.1")
async def test_no_customers_host_knows_the_console_and_the_console_knows_none_of_theirs(world: World) -> None:
    """Every address of the one, asked at the other, with the cookie that would open it at home."""
    mara = await hired(world, "support", "operations", "security")
    theirs = [*PORTAL, *ACCOUNT, *DESK, *SETTINGS, *PANEL]
    for host in ("acme.localhost:8080", "localhost:8080"):
        async with browser(world, mara.token, host) as visitor:
            for route in CONSOLE:
                answer = await visitor.request(method_of(route), address_of(route), headers=FROM_OUR_PAGE)
                assert "Seldesk console" not in answer.text
                if not any(one.path_regex.fullmatch(address_of(route)) for one in (*theirs, *SITE)):
                    assert answer.status_code == 404, route.path
            called = await visitor.post("/rpc", json={"jsonrpc": "2.0", "id": 1, "method": "staff_self.page"})
            assert called.status_code in (401, 404)
    async with browser(world, mara.token) as visitor:
        ann = await world.acme.signed_in("ann")
        visitor.cookies.set("session", ann.credential.secret)
        for route in theirs:
            if not any(one.path_regex.fullmatch(address_of(route)) for one in CONSOLE):
                answer = await visitor.request(method_of(route), address_of(route), headers=FROM_OUR_PAGE)
                assert answer.status_code == 404, route.path
        assert (await visitor.post("/rpc", json={}, headers=FROM_OUR_PAGE)).status_code == 404


@pytest.mark.asvs("V3.3.1", "V3.5.1")
async def test_the_consoles_cookie_is_its_hosts_alone_and_no_other_site_posts_there(world: World) -> None:
    mara = await hired(world, "operations")
    world.clock.move(timedelta(minutes=1))
    async with browser(world) as visitor:
        await visitor.submit("/sign-in", "/sign-in", {"email": MARA, "password": PASSWORD})
        there = await visitor.submit("/sign-in/factor", "/sign-in/factor", {"code": mara.code()})
        cookie = next(one for one in there.headers.get_list("set-cookie") if one.startswith("staff="))
        assert "HttpOnly" in cookie
        assert "SameSite" in cookie
        assert "domain" not in cookie.lower()
        token = await visitor.form_token("/jobs")
        for headers in ({}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://acme.localhost:8080"}):
            answer = await visitor.post("/jobs/tidy/run", data={"form_token": token}, headers=headers)
            assert answer.status_code == 403
        assert (await visitor.post("/jobs/tidy/run", headers=FROM_OUR_PAGE)).status_code in (400, 403)
    assert await world.control_rows("SELECT kind FROM control.jobs") == []


@pytest.mark.asvs("V3.3.1", "V3.3.3")
async def test_outside_of_development_nobody_signs_in_over_plain_http() -> None:
    app = edge(Stage(answers=answers()), development=False)
    async with Visitor(app, host="ops.example", known=False) as visitor:
        answer = await visitor.post("/sign-in", data={"email": MARA, "password": PASSWORD}, headers=FROM_OUR_PAGE)
        assert answer.status_code == 403
        assert "HTTPS" in answer.text
    async with Visitor(app, host="ops.example", scheme="https", known=False) as visitor:
        shown = await visitor.get("/sign-in")
        cookie = shown.headers["set-cookie"]
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie


LISTS = (
    "/profile",
    *SECTIONS,
    *(f"/customers?health={health}" for health in HEALTHS),
    *(f"/customers?order={order}" for order in ORDERS),
)


async def crowded(world: World) -> None:
    """A thousand more, each with a copy, figures and what was done with it."""
    now = world.clock.now()
    async with world.app.control.transaction("control"):
        for number in range(1, 1001):
            one = control.Customer.add(
                slug=f"c{number:04}",
                name=f"Customer {number}",
                plan="paid" if number % 3 else "free",
                country="DE",
                region="eu",
                state="active" if number % 2 else "suspended",
                database=f"c_many{number}",
                cluster="main",
                created_at=now - timedelta(days=number % 300),
            )
            copied = now - timedelta(hours=number % 20)
            made = {"kind": "scheduled", "cluster": "main", "began_at": copied, "snapshot_at": copied}
            control.Copy.add(customer_id=one.id, verified_at=now, **made)
        await orm.flush()
        for one in await control.Customer.where(control.Customer.slug != "acme").all():
            control.CustomerFigures.add(
                customer_id=one.id, measured_at=now, database_bytes=one.created_at.day, failed=1
            )


async def test_pages_take_few_statements_however_many_customers(world: World) -> None:
    """With 1,000 of them."""
    mara = await hired(world, "support", "operations", "security")
    await crowded(world)
    async with browser(world, mara.token) as visitor:
        for path in (*LISTS, *(f"/customers/acme{below}" for below in CUSTOMER_PAGES)):
            with StatementCounter() as counter:
                answer = await visitor.get(path)
            assert answer.status_code == 200, path
            assert counter.count <= 8, path
        listed, seen = "/customers?state=suspended&sought=CUSTOMER", 0
        while listed:
            text = (await visitor.get(listed)).text
            seen += len(re.findall(r'href="/customers/c\d{4}"', text))
            further = re.search(r'rel="next" href="([^"]+)"', text)
            listed = further[1].replace("&amp;", "&") if further else ""
        assert seen == 500
        assert (await visitor.get("/customers?sought=100%25")).text.count("No customer is like this") == 1
        assert (await visitor.get("/customers?state=nonsense")).status_code == 303


async def test_the_first_page_says_what_somebody_waits_for_and_leads_there(world: World) -> None:
    mara, otto = (
        await hired(world, "support", "operations"),
        await hired(world, "operations", email="o@operator.example"),
    )
    await named(world, "acme", "bo@acme.example")
    await deliver_all(world)
    incident = await published(mara, "customers", customers="acme")
    world.relay.failures.append(Refused("550 no such mailbox", permanent=True))
    await deliver_all(world)
    await (await world.acme.signed_in("bo"))(reports.ask, incident=incident)
    await otto.call(ops_access.ask, slug="acme", reason="The queue of Acme does not move at all.")
    async with browser(world, mara.token) as visitor:
        text = (await visitor.get("/")).text
        for words, address in (
            ("1 request to come into an account that a second of us must approve", "/customers/acme/access"),
            ("1 incident not said to be over", "/incidents?state=open"),
            ("1 message of incidents failed this week", f"/incidents/{incident}?state=failed"),
            ("1 report to be written, the first by 11 March", "/reports"),
        ):
            assert f'href="{address}">{words}</a>' in text
        again = await visitor.submit(f"/incidents/{incident}?state=failed", f"/incidents/{incident}/again")
        assert again.headers["location"] == f"/incidents/{incident}"
        await deliver_all(world)
        assert "of incidents failed" not in (await visitor.get("/")).text
        assert "Repeated" in (await visitor.get(f"/incidents/{incident}")).text


async def test_a_thousand_alerts_of_one_check_hide_none_of_another_and_go_together(world: World) -> None:
    mara, job = await hired(world, "operations"), world.app.program(Kind.JOB)
    many = [alerts.Found(f"c{number:04}", "PAGE: no good copy for 18 hours") for number in range(1000)]
    await job(alerts.report, check="coverage", found=many)
    await job(alerts.report, check="places", found=[alerts.Found("store a", "The store does not answer")])
    async with browser(world, mara.token) as visitor:
        text = (await visitor.get("/alerts")).text
        assert (">All 1,001</a>" in text, ">coverage 1,000</a>" in text) == (True, True)
        assert "store a" in (await visitor.get("/alerts?check=places")).text
        assert 'rel="next"' in text
        with StatementCounter() as counter:
            assert await job(alerts.report, check="coverage", found=many[:1]) == []
        assert counter.count < 5
        assert "All 2<" in (await visitor.get("/alerts")).text


async def test_a_broken_chain_is_shown_and_accepted_only_with_a_reason(world: World) -> None:
    mara = await hired(world, "security")
    found = [alerts.Found("acme", "it ended with entry 9 once, and does not come so far any more")]
    job = world.app.program(Kind.JOB)
    await job(operator_log.checked, until=0, looked=1, missed=0, found=found)
    async with browser(world, mara.token) as visitor:
        assert "1 chain is broken" in (await visitor.get("/audit")).text
        refused = await visitor.submit("/audit", "/audit/accept", {"customer": "acme", "reason": "because"})
        assert (refused.status_code, "reason-wrong" in refused.text) == (422, True)
        reason = {"customer": "acme", "reason": "Restored from the copy of Sunday."}
        assert (await visitor.submit("/audit", "/audit/accept", reason)).status_code == 303
        assert reason["reason"] in (await visitor.get("/audit?group=chains")).text
        assert (await visitor.submit("/audit", "/audit/check")).status_code == 303
        assert "A check is under way" in (await visitor.get("/audit")).text
        assert (await visitor.get("/audit?group=nonsense")).status_code == 303
