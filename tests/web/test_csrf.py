"""Each door has one rule, and what breaks it writes nothing."""

import re
from typing import Any

import pytest
from starlette.routing import Route

import rpc
from seldesk.web.application import ACCOUNT, DESK, PORTAL, SETTINGS
from tests.web import story
from tests.web.stage import LINK, METHODS, REQUESTER_SESSION, SESSION, Stage, edge
from tests.web.visitor import FROM_OUR_PAGE, Visitor, address_of

pytestmark = pytest.mark.asvs("V3.5.1", "V3.5.2", "V3.5.3")
FORMS = [route for route in (*DESK, *PORTAL, *ACCOUNT, *SETTINGS) if "POST" in (route.methods or ())]
MORE = {"subject": "Smoke", "name": "Ann", "current": "correct horse", "wish": "copy"}
READ = {route.path for route in (*DESK, *PORTAL, *ACCOUNT, *SETTINGS) if "GET" in (route.methods or ())}
OF_A_REQUESTER = ("/requests", "/zone", "/data")
OF_ANYBODY = ("/desk/sign-in", "/welcome/{token}", "/return/{token}")
OURS = "http://acme.localhost:8000"


def page_of(route: Route) -> str:
    """A page whose forms are for the same kind of caller."""
    if route in PORTAL:
        return "/requests/new" if route.path in OF_A_REQUESTER else "/tickets/4821"
    if route in ACCOUNT:
        return "/sign-in"
    return "/desk/sign-in" if route.path in OF_ANYBODY else "/desk/tickets"


def as_whom(visitor: Visitor, route: Route) -> None:
    """Some things need a requester's own session."""
    if route.path in OF_A_REQUESTER:
        visitor.cookies.set("session", REQUESTER_SESSION)


def fields(token: str) -> dict[str, str]:
    password = "correct horse"
    return {
        "form_token": token,
        "email": "a@b.example",
        "password": password,
        "again": password,
        "body": "Hello",
        "numbers": "4821",
        "add_tags": "late",
        "tab": "one",
        "doing": "viewing",
        "message": str(story.id_of("m1")),
        **MORE,
    }


forms = pytest.mark.parametrize("route", FORMS, ids=lambda route: route.path)


@forms
async def test_a_form_of_our_own_page_is_taken(stage: Stage, ann: Visitor, route: Route) -> None:
    as_whom(ann, route)
    for headers in (FROM_OUR_PAGE, {"Origin": OURS}, FROM_OUR_PAGE | {"Origin": OURS}):
        token = await ann.form_token(page_of(route))
        stage.calls.clear()
        answer = await ann.post(address_of(route), data=fields(token), headers=headers)
        assert answer.status_code != 403
        assert stage.calls


FOREIGN: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://acme.localhost:8000"},
    {"Origin": "http://acme.localhost"},
    {"Origin": "http://globex.localhost:8000"},
    {"Origin": "http://acme.localhost:8000.evil.example"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
    {"Referer": f"{OURS}/desk"},
]


@forms
async def test_what_another_site_sends_is_refused(stage: Stage, ann: Visitor, route: Route) -> None:
    as_whom(ann, route)
    token = await ann.form_token(page_of(route))
    stage.calls.clear()
    for headers in FOREIGN:
        answer = await ann.post(address_of(route), data=fields(token), headers=headers)
        assert answer.status_code == 403, headers
        assert "nothing was changed" in answer.text
    assert stage.calls == []


@forms
async def test_a_form_without_its_token_is_refused(stage: Stage, ann: Visitor, route: Route) -> None:
    as_whom(ann, route)
    token = await ann.form_token(page_of(route))
    stage.calls.clear()
    other_end = token[:-1] + ("0" if token[-1] != "0" else "1")
    for spoiled in ("", "x", "a.b", ".", "é.é", other_end, "x" + token, token.replace(".", "")):
        answer = await ann.post(address_of(route), data=fields(spoiled), headers=FROM_OUR_PAGE)
        assert answer.status_code == 403, spoiled
    without = {name: value for name, value in fields(token).items() if name != "form_token"}
    assert (await ann.post(address_of(route), data=without, headers=FROM_OUR_PAGE)).status_code == 403
    assert stage.calls == []


@forms
async def test_a_token_is_bound_to_its_cookie_its_door_and_its_customer(stage: Stage, route: Route) -> None:
    app = edge(stage)
    async with Visitor(app) as ann, Visitor(app) as bo, Visitor(app, "globex.localhost:8000") as next_door:
        bo.cookies.set("session", "another")
        bo.cookies.set("request", "another")
        as_whom(ann, route)
        as_whom(next_door, route)
        tokens = [await next_door.form_token(page_of(route)), await bo.form_token("/desk/sign-in")]
        if page_of(route) == "/tickets/4821":
            # The form of another page of the same person is theirs: it is the person who may not do this.
            token = await ann.form_token("/desk/tickets")
            answer = await ann.post(address_of(route), data=fields(token), headers=FROM_OUR_PAGE)
            assert answer.status_code == 404
        elif route.path not in OF_A_REQUESTER:
            tokens.append(await ann.form_token("/tickets/4821"))
        stage.calls.clear()
        for token in tokens:
            answer = await ann.post(address_of(route), data=fields(token), headers=FROM_OUR_PAGE)
            assert answer.status_code == 403
        assert stage.calls == []


async def test_tokens_of_one_page_differ_so_that_compression_tells_nothing(ann: Visitor) -> None:
    page = (await ann.get("/desk/tickets/4821")).text
    found = re.findall(r'name="form_token" value="([^"]+)"', page)
    assert len(found) > 3
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_unsafe_methods_change_nothing(stage: Stage, ann: Visitor, method: str) -> None:
    assert (await ann.request(method, "/desk/tickets/4821")).status_code == 403
    assert (await ann.request(method, "/desk/tickets/4821", headers=FROM_OUR_PAGE)).status_code == 405
    assert stage.calls == []


async def test_a_page_read_by_get_changes_nothing(stage: Stage, ann: Visitor) -> None:
    for route in FORMS:
        if route.path not in READ:
            assert (await ann.get(address_of(route))).status_code in (404, 405)
    assert stage.calls == []
    for path in READ:
        await ann.get(path.format(number=4821, token="a-token", id=story.id_of("m1")))
    methods = {method.name: method for method in METHODS}
    # A ticket that one opens is read from then on, a mailed link is traded for a session, and each look at the second
    # step brings a challenge of its own: nothing else.
    written = {name for name in stage.called if not methods[name].reads}
    assert written == {"entries.step", "requests.open", "tickets.page"}


CALL = {"jsonrpc": "2.0", "id": 1, "method": "tickets.update", "params": {"number": 7, "status": "solved"}}


async def test_a_session_may_call_with_json_and_the_named_header(stage: Stage, ann: Visitor) -> None:
    answer = await ann.post("/rpc", json=CALL, headers={"X-Seldesk": "1"})
    assert answer.status_code == 200
    assert stage.called == ["tickets.update"]
    assert stage.calls[0][2].kind is rpc.Kind.PERSON


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {}},
        {"headers": {"X-Seldesk": "0"}},
        {"headers": {"X-Seldesk": "1", "Content-Type": "text/plain"}},
        {"headers": {"X-Seldesk": "1", "Content-Type": "application/x-www-form-urlencoded"}},
        {"headers": {"X-Seldesk": "1", "Content-Type": ""}},
        {"headers": {"Authorization": "Basic YTpi"}},
    ],
    ids=str,
)
async def test_a_session_may_not_call_in_a_way_that_a_form_can(
    stage: Stage, ann: Visitor, options: dict[str, Any]
) -> None:
    answer = await ann.post("/rpc", json=CALL, **options)
    assert answer.status_code == 403
    assert answer.json()["error"]["data"]["code"] == "naked_call"
    assert stage.calls == []


async def test_a_token_may_call_without_either(stage: Stage, stranger: Visitor) -> None:
    answer = await stranger.post("/rpc", json=CALL, headers={"Authorization": "Bearer abc"})
    assert answer.status_code == 401, "the stage knows no tokens, but it was asked as one"
    assert answer.json()["error"]["data"]["code"] == "unauthenticated"


async def test_a_token_goes_before_a_cookie(stage: Stage, ann: Visitor) -> None:
    answer = await ann.post("/rpc", json=CALL, headers={"Authorization": "Bearer abc", "X-Seldesk": "1"})
    assert answer.status_code == 401
    assert stage.calls == []


async def test_nobody_may_call_at_all(stage: Stage, stranger: Visitor) -> None:
    sign_in = CALL | {"method": "people.sign_in", "params": {"email": "ann@acme.example", "password": "x"}}
    answer = await stranger.post("/rpc", json=sign_in)
    assert answer.status_code == 401
    assert SESSION not in answer.text
    assert LINK not in answer.text
    assert stage.calls == []
