"""Staff in a customer's account, through the doors: cookies, banner, the way in and the way out."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from seldesk.methods.desk import tickets
from seldesk.web.credential import STAFF
from tests.access import ANN, WHY, Inside, allowed, inside, ticket
from tests.staff import hired
from tests.web.console.test_console import browser
from tests.web.visitor import FROM_OUR_PAGE, Visitor
from tests.world import CLEO, World

ACME = "acme.localhost:8080"


@asynccontextmanager
async def at_acme(her: Inside) -> AsyncIterator[Visitor]:
    async with Visitor(her.world.app.web(), host=ACME, known=False) as visitor:
        visitor.cookies.set("access", her.token)
        yield visitor


@pytest.mark.asvs("V3.3.3", "V7.2.1")
async def test_4_one_comes_in_by_the_console_and_a_click_with_a_cookie_of_its_own(world: World) -> None:
    mara, number = await hired(world, "support"), await ticket(world)
    await allowed(world)
    async with browser(world, mara.token) as console:
        here = "/customers/acme/access"
        wrong = await console.submit(here, here, {"reason": "too short", "ticket": number, "subject": ANN})
        assert wrong.status_code == 403
        assert "Say in 20 characters" in wrong.text
        made = await console.submit(here, here, {"reason": WHY, "ticket": number, "subject": ANN, "scope": "read"})
        link = re.search(r'href="http://acme\.localhost:\d+(/access/[^"]+)"', made.text)
        assert link
    async with Visitor(world.app.web(), host=ACME, known=False) as visitor:
        shown = await visitor.get(link[1])
        assert "Come in as Ann" in shown.text
        foreign = await visitor.post(link[1], data={}, headers=FROM_OUR_PAGE | {"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403
        begun = await visitor.submit(link[1], link[1])
        assert (begun.status_code, begun.headers["location"]) == (303, "/desk")
        assert set(visitor.cookies) == {"access", "form"}
        assert "httponly" in begun.headers["set-cookie"].lower()
        assert (await visitor.get("/desk/tickets?view=all")).status_code == 200
        assert (await visitor.get(link[1])).status_code == 404
        assert visitor.cookies["access"] != mara.token
    async with Visitor(world.app.web(), host=ACME, known=False) as visitor:
        visitor.cookies.set("access", mara.token)
        assert (await visitor.get("/desk/tickets")).status_code == 303
    async with Visitor(world.app.web(), host=ACME, known=False) as visitor:
        visitor.cookies.set(STAFF, mara.token)
        assert (await visitor.get("/desk/tickets")).status_code == 303


@pytest.mark.long
async def test_11_every_page_says_who_acts_for_whom_and_so_does_the_api(world: World) -> None:
    her = await inside(world)
    fake = "</div><style>.acting{display:none}</style><div class='acting'>Bo acts as Cleo, 60 min left"
    ann = world.acme.by_token("ann")
    await ann(tickets.open, subject=fake[:200], body=fake, requester_email=CLEO)
    async with at_acme(her) as visitor:
        for path in (
            "/desk/tickets?view=all",
            f"/desk/tickets/{her.number}",
            f"/desk/tickets/{her.number + 1}",
            "/desk/search?query=printer",
            "/desk/profile",
            "/settings/audit",
            "/nothing",
            "/sign-in",
            "/",
        ):
            shown = await visitor.get(path, follow_redirects=True)
            assert shown.text.count('<div class="acting"') == 1, path
            body = shown.text[shown.text.index("<body") :]
            assert body.index('<div class="acting"') < 300, "nothing stands before it"
            banner = re.sub(r"<[^>]+>|\s+", " ", body[: body.index("</form>")])
            assert re.search(r"Mara \(Seldesk staff\) +acts as +Ann *, reading only: “.*”, ticket +#1", banner), path
            assert "60 min left" in banner
            assert "live.js" not in shown.text, "a stream is for who is there"
            assert 'action="/access"' in body
            assert shown.headers["x-impersonated-by"] == "mara@operator.example"
        call = {"jsonrpc": "2.0", "id": 1, "method": "tickets.read", "params": {"number": her.number}}
        answer = await visitor.post("/rpc", json=call, headers={"X-Seldesk": "1"})
        assert answer.json()["result"]["number"] == her.number
        assert answer.headers["x-impersonated-by"] == "mara@operator.example"
        refused = await visitor.post(
            "/rpc", json={**call, "method": "tokens.page", "params": {}}, headers={"X-Seldesk": "1"}
        )
        assert (refused.status_code, refused.json()["error"]["data"]["code"]) == (403, "not_under_access")
        assert (await visitor.get("/live", headers={"Sec-Fetch-Site": "same-origin"})).status_code == 401
    async with Visitor(world.app.web(), host=ACME, known=False) as visitor:
        assert "x-impersonated-by" not in (await visitor.get("/sign-in")).headers


@pytest.mark.long
@pytest.mark.asvs("V7.4.1", "V14.3.1")
async def test_12_stop_destroys_the_session_and_leads_back_and_nothing_brings_it_back(world: World) -> None:
    her = await inside(world)
    async with at_acme(her) as visitor:
        stopped = await visitor.submit("/desk/tickets?view=all", "/access")
        assert (stopped.status_code, stopped.headers["location"]) == (303, "/access?left")
        assert stopped.headers["clear-site-data"] == '"cache", "storage"'
        left = await visitor.get("/access?left")
        assert left.headers["refresh"].endswith("ops.localhost:8080/customers/acme/access")
        assert "acting" not in left.text
        back = await visitor.get("/desk/tickets?view=all")
        assert back.headers["location"].startswith("/desk/sign-in")
        visitor.cookies.set("access", her.token)
        again = await visitor.get("/desk/tickets?view=all")
        assert again.headers["location"].startswith("/desk/sign-in")
        assert "Max-Age=0" in again.headers["set-cookie"]
        call = {"jsonrpc": "2.0", "id": 1, "method": "tickets.list"}
        visitor.cookies.set("access", her.token)
        replayed = await visitor.post("/rpc", json=call, headers={"X-Seldesk": "1"})
        assert replayed.status_code == 401
    async with browser(world, her.mara.token) as console:
        assert "Ended by them" in (await console.get("/customers/acme/access")).text
