import httpx2
import pytest

import rpc
from seldesk.methods.desk.shapes.people import SignIn
from tests.web.stage import LINK, REQUESTER_SESSION, SESSION, Stage, edge
from tests.web.visitor import FROM_OUR_PAGE, Visitor

TYPED = {"email": "ann@acme.example", "password": " correct horse battery "}


async def sign_in(visitor: Visitor, came_for: str = "", **typed: str) -> httpx2.Response:
    return await visitor.submit("/desk/sign-in", "/desk/sign-in", TYPED | {"next": came_for} | typed)


async def test_signing_in_sets_a_session_cookie_and_leads_to_the_desk(stage: Stage, stranger: Visitor) -> None:
    answer = await sign_in(stranger)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets")
    assert answer.headers["set-cookie"] == f"session={SESSION}; HttpOnly; Path=/; SameSite=lax"
    assert SESSION not in answer.text
    name, asked, credential = stage.calls[-1]
    assert (name, asked) == ("people.sign_in", TYPED), "a password is taken as typed, spaces and all"
    assert credential.kind is rpc.Kind.ANONYMOUS


@pytest.mark.asvs("V3.3.1", "V3.3.2", "V3.3.3", "V3.3.4")
async def test_outside_development_the_cookie_is_bound_to_the_host(stage: Stage) -> None:
    async with Visitor(edge(stage, development=False), "acme.desk.example", scheme="https", known=False) as visitor:
        answer = await sign_in(visitor)
        assert answer.headers["set-cookie"] == f"__Host-session={SESSION}; HttpOnly; Path=/; SameSite=lax; Secure"
        visitor.cookies.set("session", SESSION)
        visitor.cookies.delete("__Host-session")
        assert (await visitor.get("/desk/tickets")).status_code == 303, "a name that any host may set opens nothing"


OWN = ["/desk/tickets/7?view=mine", "/desk", "/settings/mail-failures", "/desk/tickets?cursor=a%2Bb.c_d-e~&view=open"]


@pytest.mark.parametrize("came_for", OWN)
async def test_one_lands_where_one_came_for(stranger: Visitor, came_for: str) -> None:
    assert (await sign_in(stranger, came_for)).headers["location"] == came_for


@pytest.mark.parametrize(
    "came_for",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example/desk",
        "http://acme.localhost:8000@evil.example/desk",
        "javascript:alert(1)",
        "data:text/html,x",
        "/desk//evil.example",
        "/desk/../..//evil.example",
        "/desk@evil.example",
        "/desk\r\nSet-Cookie: a=b",
        "/desk\t",
        "/desk\n",
        "desk",
        "/",
        "/link/abc",
        "/deskevil",
        "/desk/tickets#a",
        "/desk/ä",
        "/desk/" + "a" * 3000,
    ],
)
@pytest.mark.asvs("V3.7.2")
async def test_next_never_leaves_the_desk(stranger: Visitor, came_for: str) -> None:
    answer = await sign_in(stranger, came_for)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets")
    page = await stranger.get("/desk/sign-in", params={"next": came_for})
    assert 'name="next" value="/desk/tickets"' in page.text


async def test_a_wrong_password_is_told_beside_the_field_and_the_address_stays(stage: Stage, stranger: Visitor) -> None:
    stage.answers["people.sign_in"] = SignIn(None)
    answer = await sign_in(stranger, "/desk/tickets/7")
    assert answer.status_code == 422
    assert 'aria-describedby="password-wrong"' in answer.text
    assert 'value="ann@acme.example"' in answer.text
    assert 'value="/desk/tickets/7"' in answer.text
    assert TYPED["password"] not in answer.text
    assert "session=" not in answer.headers.get("set-cookie", "")


async def test_too_many_tries_are_told_how_long_to_wait(stage: Stage, stranger: Visitor) -> None:
    stage.answers["people.sign_in"] = SignIn(None, wait=61)
    answer = await sign_in(stranger)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "61")
    assert "Wait 2 minutes" in answer.text


async def test_what_cannot_be_an_address_or_a_password_is_told_beside_it(stage: Stage, stranger: Visitor) -> None:
    answer = await sign_in(stranger, email="", password="x" * 129)
    assert answer.status_code == 422
    assert 'id="email-wrong"' in answer.text
    assert 'id="password-wrong"' in answer.text
    assert stage.calls == []


@pytest.mark.parametrize("path", ["/desk", "/desk/tickets", "/desk/tickets/7?view=mine", "/settings/mail-failures"])
async def test_who_is_not_signed_in_is_led_to_sign_in(stage: Stage, stranger: Visitor, path: str) -> None:
    answer = await stranger.get(path)
    if path == "/desk":
        answer = await stranger.get(answer.headers["location"])
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk/sign-in?next=%2F")
    assert stage.calls == []


async def test_a_session_that_is_over_leads_to_sign_in_too(stranger: Visitor) -> None:
    stranger.cookies.set("session", "over")
    answer = await stranger.get("/desk/tickets/7?view=mine")
    assert answer.headers["location"] == "/desk/sign-in?next=%2Fdesk%2Ftickets%2F7%3Fview%3Dmine"


async def test_a_swapped_page_is_left_for_the_sign_in(stranger: Visitor) -> None:
    answer = await stranger.get("/desk/tickets", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/desk/sign-in?next=%2Fdesk%2Ftickets"


async def test_what_was_typed_stays_on_the_page_when_the_session_ended(stranger: Visitor) -> None:
    headers = FROM_OUR_PAGE | {"HX-Request": "true"}
    answer = await stranger.post("/desk/tickets/7/replies", data={"body": "long"}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-retarget"] == "#notice"
    assert "Copy what you wrote" in answer.text


@pytest.mark.asvs("V14.3.1")
async def test_signing_out_ends_the_session_and_clears_the_browser(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit("/desk/tickets", "/desk/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert answer.headers["set-cookie"].startswith('session=""; ')
    assert stage.calls[-1][0] == "people.sign_out"


async def test_signing_out_of_what_is_over_is_no_mistake(stage: Stage, ann: Visitor) -> None:
    stage.answers["people.sign_out"] = rpc.Unauthenticated()
    assert (await ann.submit("/desk/tickets", "/desk/sign-out")).status_code == 303


async def test_a_welcome_sets_the_password_and_signs_in(stage: Stage, stranger: Visitor) -> None:
    typed = {"password": "correct horse", "again": "correct horse"}
    answer = await stranger.submit("/welcome/a-token", "/welcome/a-token", typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets")
    assert f"session={SESSION}" in answer.headers["set-cookie"]
    assert stage.calls[-1][:2] == ("people.choose_password", {"token": "a-token", "password": "correct horse"})


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"password": "short", "again": "short"}, "password-wrong"),
        ({"password": "x" * 129, "again": "x" * 129}, "password-wrong"),
        ({"password": "correct horse", "again": "correct h0rse"}, "again-wrong"),
        ({}, "password-wrong"),
    ],
)
async def test_a_password_that_will_not_do_is_told_beside_its_field(
    stage: Stage, stranger: Visitor, typed: dict[str, str], beside: str
) -> None:
    answer = await stranger.submit("/welcome/a-token", "/welcome/a-token", typed)
    assert answer.status_code == 422
    assert f'id="{beside}"' in answer.text
    assert "people.choose_password" not in stage.called


async def test_a_used_welcome_is_not_found(stage: Stage, stranger: Visitor) -> None:
    stage.answers["people.welcome"] = rpc.NotFound()
    assert (await stranger.get("/welcome/used")).status_code == 404


async def test_a_ticket_link_leaves_an_agent_signed_in(stage: Stage, ann: Visitor) -> None:
    answer = await ann.get("/link/a-token")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets/4821")
    assert answer.headers["set-cookie"] == f"request={LINK}; HttpOnly; Path=/; SameSite=lax"
    assert (await ann.get("/desk/tickets")).status_code == 200


async def test_a_requester_without_a_session_is_told_to_open_the_mail(stranger: Visitor) -> None:
    answer = await stranger.get("/tickets/4821")
    assert answer.status_code == 401
    assert "newest mail" in answer.text


async def test_cookies_open_only_their_own_door(stage: Stage, stranger: Visitor) -> None:
    stranger.cookies.set("request", SESSION)
    assert (await stranger.get("/desk/tickets")).status_code == 303
    stranger.cookies.delete("request")
    stranger.cookies.set("session", LINK)
    assert (await stranger.get("/tickets/4821")).headers["location"] == "/sign-in?next=%2Ftickets%2F4821"
    assert stage.calls == []


async def test_a_requester_who_signs_in_at_the_desk_is_led_to_the_portal(stage: Stage, stranger: Visitor) -> None:
    stage.answers["people.sign_in"] = SignIn(REQUESTER_SESSION, role="requester")
    assert (await sign_in(stranger, "/desk/tickets/7")).headers["location"] == "/"
