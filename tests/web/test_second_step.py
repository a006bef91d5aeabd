"""The second step of signing in, second factors and fresh proofs, as a browser meets them."""

import pytest

import rpc
from seldesk.errors import EntryOver, FactorNeeded, ProofNeeded
from seldesk.methods.desk.shapes.factors import Enrolled, Proof
from seldesk.methods.desk.shapes.people import SignIn
from tests.web import own
from tests.web.stage import REQUESTER_SESSION, SESSION, Stage, edge
from tests.web.visitor import FROM_OUR_PAGE, Visitor

DEVICE = "d" * 43
PASSWORD = {"email": "ann@acme.example", "password": "correct horse battery"}


async def test_a_right_password_leads_to_the_second_step_and_that_to_where_one_came_for(
    stage: Stage, stranger: Visitor
) -> None:
    stage.answers["people.sign_in"] = SignIn(role="agent", entry="half-way")
    first = await stranger.submit("/desk/sign-in", "/desk/sign-in", PASSWORD | {"next": "/desk/tickets/7"})
    assert first.headers["location"] == "/sign-in/factor?next=%2Fdesk%2Ftickets%2F7"
    assert first.headers["set-cookie"] == "entry=half-way; HttpOnly; Path=/; SameSite=lax"
    page = await stranger.get(first.headers["location"])
    assert "half-way" not in page.text
    assert 'name="next" value="/desk/tickets/7"' in page.text
    wrong = await stranger.submit("/sign-in/factor", "/sign-in/factor", {"code": "000000", "next": "/desk/tickets/7"})
    assert (wrong.status_code, "not right" in wrong.text) == (422, True)
    stage.answers["entries.by_code"] = SignIn(SESSION, role="agent", device=DEVICE)
    right = await stranger.submit("/sign-in/factor", "/sign-in/factor", {"code": "123456", "next": "/desk/tickets/7"})
    assert right.headers["location"] == "/desk/tickets/7"
    assert stage.last("entries.by_code") == {"secret": "half-way", "code": "123456"}
    assert stranger.cookies.get("session") == SESSION
    assert "entry" not in stranger.cookies
    assert f"device={DEVICE}; HttpOnly; Max-Age=34560000; Path=/; SameSite=lax" in right.headers.get_list("set-cookie")
    # The browser is known from now on.
    await stranger.submit("/desk/sign-in", "/desk/sign-in", PASSWORD)
    assert stage.last("people.sign_in")["device"] == DEVICE


@pytest.mark.asvs("V3.7.2")
@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/desk", "/\\evil.example", "/desk//evil"])
async def test_no_step_leads_to_another_host(stage: Stage, stranger: Visitor, ann: Visitor, wanted: str) -> None:
    stage.answers |= {"entries.by_code": SignIn(SESSION, role="agent"), "factors.prove": Proof(SESSION)}
    answer = await stranger.submit("/sign-in/factor", "/sign-in/factor", {"code": "123456", "next": wanted})
    assert answer.headers["location"] == "/desk/tickets"
    again = await ann.submit("/account/again", "/account/again", {"password": "x", "code": "1", "next": wanted})
    assert again.headers["location"] == "/account"


async def test_who_comes_too_late_begins_again(stage: Stage, stranger: Visitor) -> None:
    stage.answers |= dict.fromkeys(("entries.step", "entries.by_code"), EntryOver())
    assert (await stranger.get("/sign-in/factor")).headers["location"] == "/desk/sign-in?over=yes"
    assert "took too long" in (await stranger.get("/desk/sign-in?over=yes")).text


async def test_what_matters_leads_to_a_proof_and_back_to_the_page_of_the_form(stage: Stage, ann: Visitor) -> None:
    stage.answers["tokens.issue"] = ProofNeeded()
    from_page = {"referer": "http://acme.localhost:8000/settings/tokens?cursor=x"}
    fields = {"name": "script", "scopes": "tickets.read"}
    answer = await ann.submit("/settings/tokens", "/settings/tokens", fields, headers=from_page)
    assert answer.headers["location"] == "/account/again?next=%2Fsettings%2Ftokens"
    swapped = await ann.submit("/settings/tokens", "/settings/tokens", fields, headers={"hx-request": "true"})
    assert swapped.headers["hx-redirect"] == "/account/again?next=%2Faccount"
    page = await ann.get(answer.headers["location"])
    assert 'name="code"' in page.text
    refused = await ann.submit("/account/again", "/account/again", {"password": "x", "code": "123456"})
    assert refused.status_code == 422
    stage.answers["factors.prove"] = Proof("another-secret")
    fields = {"password": "x", "code": "123456", "next": "/settings/tokens"}
    proved = await ann.submit("/account/again", "/account/again", fields)
    assert proved.headers["location"] == "/settings/tokens"
    assert proved.headers["set-cookie"] == "session=another-secret; HttpOnly; Path=/; SameSite=lax"


async def test_a_session_without_a_second_factor_is_led_to_enrolling(stage: Stage, ann: Visitor) -> None:
    stage.answers |= {"tickets.queue": FactorNeeded(), "profile.rename": FactorNeeded()}
    assert (await ann.get("/desk/tickets")).headers["location"] == "/account/factors/new"
    renamed = await ann.submit("/settings/tokens", "/desk/profile", {"name": "Ann"})
    assert renamed.headers["location"] == "/account/factors/new"
    called = {"jsonrpc": "2.0", "id": 1, "method": "tickets.queue", "params": {}}
    answer = await ann.post("/rpc", json=called, headers={"X-Seldesk": "1"} | FROM_OUR_PAGE)
    assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (403, "factor_required")


@pytest.mark.flaw("Frappe CVE-2020-27508")
async def test_key_and_codes_are_in_one_answer_each_and_no_script_is_needed(stage: Stage, ann: Visitor) -> None:
    page = await ann.get("/account/factors/new")
    assert page.headers["cache-control"] == "no-store"
    assert page.text.count("<svg viewBox") == 1, "the key for a camera"
    assert 'style="' not in page.text
    stage.answers["factors.add_authenticator"] = Enrolled(False)
    path = "/account/factors/authenticator"
    wrong = await ann.submit("/account/factors/new", path, {"code": "000000", "name": "Phone"})
    assert (wrong.status_code, own.SECRET[:4] in wrong.text) == (422, False)
    stage.answers["factors.add_authenticator"] = Enrolled(True, own.CODES, demanded=True)
    added = await ann.submit("/account/factors/new", path, {"code": "123456", "name": "Phone"})
    assert (added.status_code, added.text.count("<code>")) == (200, 10)
    assert 'href="/desk"' in added.text
    stage.answers["factors.add_authenticator"] = Enrolled(True)
    again = await ann.submit("/account/factors/new", path, {"code": "123456", "name": "Phone"})
    assert again.headers["location"] == "/account?done=added"


async def test_requesters_have_a_page_of_their_own(stage: Stage) -> None:
    async with Visitor(edge(stage)) as omar:
        omar.cookies.set("session", REQUESTER_SESSION)
        page = await omar.get("/account")
        assert "How you came in lately" in page.text
        stage.answers["factors.remove"] = rpc.Conflict("This is the only one.")
        refused = await omar.submit("/account", f"/account/factors/{own.way_in().factors[0].id}/remove")
        assert (refused.status_code, "This is the only one." in refused.text) == (409, True)
