"""Signing in to the portal and setting passwords, as a browser sees it."""

from dataclasses import replace

import httpx2
import pytest

import rpc
from seldesk.errors import TooManyTries
from seldesk.methods.desk.shapes.desk import Profile
from seldesk.methods.desk.shapes.people import PasswordChange, PasswordSet, SignIn
from seldesk.models.desk.mailed_link import LinkOver
from tests.web import own, story
from tests.web.stage import REQUESTER_SESSION, SESSION, Stage
from tests.web.visitor import Visitor

OMAR = "omar@haddad-logistics.example"
ASKED = [("/sign-in", "sign_in"), ("/forgot", "password"), ("/desk/forgot", "password")]
asked = pytest.mark.parametrize(("path", "purpose"), ASKED)


async def by_password(visitor: Visitor, came_for: str = "", email: str = OMAR) -> httpx2.Response:
    typed = {"email": email, "password": "correct horse", "next": came_for}
    return await visitor.submit("/sign-in?with=password", "/sign-in", typed)


@asked
@pytest.mark.flaw("MantisBT CVE-2024-23830")
async def test_asking_for_a_link_gives_the_address_and_nothing_else(
    stage: Stage, stranger: Visitor, path: str, purpose: str
) -> None:
    """What the request says about hosts and other fields reaches nobody."""
    typed = {"email": OMAR, "user_id": "1", "host": "evil.example"}
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Host": "evil.example"}
    answer = await stranger.submit(path, path, typed, headers=headers)
    assert answer.status_code == 200
    assert "Look into your mail" in answer.text
    assert OMAR not in answer.text
    assert "evil.example" not in answer.text
    assert stage.calls[-1][:2] == ("people.mail_link", {"email": OMAR, "purpose": purpose})


@asked
@pytest.mark.parametrize("host", ["evil.example", "acme.localhost.evil.example", "acme.evil.example:8000"])
@pytest.mark.flaw("MantisBT CVE-2024-23830")
async def test_a_foreign_host_is_not_served_at_all(
    stage: Stage, stranger: Visitor, path: str, purpose: str, host: str
) -> None:
    answer = await stranger.post(path, data={"email": OMAR, "purpose": purpose}, headers={"Host": host})
    assert answer.status_code == 404
    assert stage.calls == []


@asked
@pytest.mark.flaw("GitLab CVE-2023-7028")
async def test_two_addresses_are_none(stage: Stage, stranger: Visitor, path: str, purpose: str) -> None:
    """Duplicate fields."""
    answer = await stranger.submit(path, path, {"email": [OMAR, "evil@x.example"], "purpose": purpose})
    assert answer.status_code == 422
    assert 'id="email-wrong"' in answer.text
    assert stage.calls == []


@asked
@pytest.mark.parametrize(
    "error", [rpc.Invalid(fields={"email": "This is not a mail address."}), TooManyTries(retry_after=60)], ids=repr
)
async def test_what_is_wrong_stands_beside_the_address(
    stage: Stage, stranger: Visitor, path: str, purpose: str, error: rpc.Error
) -> None:
    stage.answers["people.mail_link"] = error
    answer = await stranger.submit(path, path, {"email": "omar", "purpose": purpose})
    assert answer.status_code == error.status
    assert 'aria-describedby="email-wrong"' in answer.text
    assert 'value="omar"' in answer.text


@pytest.mark.asvs("V14.2.1")
async def test_opening_a_mailed_link_uses_nothing_up_and_its_form_signs_in(stage: Stage, stranger: Visitor) -> None:
    """Mail scanners open every link."""
    page = await stranger.get("/sign-in/a-token")
    assert (page.status_code, "set-cookie" in page.headers) == (200, True)
    assert REQUESTER_SESSION not in page.headers["set-cookie"]
    assert stage.called == ["people.link"]
    answer = await stranger.submit("/sign-in/a-token", "/sign-in/a-token")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["set-cookie"] == f"session={REQUESTER_SESSION}; HttpOnly; Path=/; SameSite=lax"
    assert stage.calls[-1][:2] == ("people.sign_in_by_link", {"token": "a-token"})


@pytest.mark.parametrize("path", ["/sign-in/used", "/reset/used"])
@pytest.mark.flaw("MantisBT CVE-2017-7615")
async def test_a_link_that_is_over_says_so(stage: Stage, stranger: Visitor, path: str) -> None:
    stage.answers["people.link"] = LinkOver()
    answer = await stranger.get(path)
    assert answer.status_code == 404
    assert "Ask for a new one" in answer.text


@pytest.mark.flaw("Zulip CVE-2021-43791")
async def test_a_link_that_was_used_meanwhile_says_so(stage: Stage, stranger: Visitor) -> None:
    """The page may have been opened in time."""
    stage.answers |= {"people.sign_in_by_link": LinkOver(), "people.reset_password": LinkOver()}
    for path in ("/sign-in/a-token", "/reset/a-token"):
        answer = await stranger.submit(path, path, {"password": "correct horse", "again": "correct horse"})
        assert answer.status_code == 404
        assert "session=" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("came_for", ["/tickets/4821", "/requests/new", "/"])
async def test_a_requester_signs_in_by_password_and_lands_where_they_came_for(
    stage: Stage, stranger: Visitor, came_for: str
) -> None:
    stage.answers["people.sign_in"] = SignIn(REQUESTER_SESSION, role="requester")
    assert (await by_password(stranger, came_for)).headers["location"] == came_for


@pytest.mark.parametrize(
    "came_for",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil",
        "/tickets/4821@evil.example",
        "/tickets/1\n",
        "/desk",
        "/link/x",
    ],
)
@pytest.mark.asvs("V3.7.2")
async def test_next_never_leaves_the_portal(stage: Stage, stranger: Visitor, came_for: str) -> None:
    stage.answers["people.sign_in"] = SignIn(REQUESTER_SESSION, role="requester")
    assert (await by_password(stranger, came_for)).headers["location"] == "/"


async def test_an_agent_who_signs_in_here_is_led_to_the_desk(stage: Stage, stranger: Visitor) -> None:
    stage.answers["people.sign_in"] = SignIn("s", role="agent")
    assert (await by_password(stranger)).headers["location"] == "/desk/tickets"


@pytest.mark.parametrize(("wait", "status"), [(0, 422), (61, 429)])
async def test_a_wrong_password_is_told_beside_it(stage: Stage, stranger: Visitor, wait: int, status: int) -> None:
    stage.answers["people.sign_in"] = SignIn(None, wait)
    answer = await by_password(stranger)
    assert answer.status_code == status
    assert 'aria-describedby="password-wrong"' in answer.text
    assert f'value="{OMAR}"' in answer.text
    assert "correct horse" not in answer.text


@pytest.mark.parametrize(("role", "there"), [("requester", "/sign-in?with=password"), ("agent", "/desk/sign-in")])
@pytest.mark.flaw("MantisBT CVE-2024-34077")
@pytest.mark.asvs("V6.4.3")
async def test_a_new_password_signs_nobody_in(stage: Stage, stranger: Visitor, role: str, there: str) -> None:
    """Whatever else the form says, the link says whose password it is."""
    stage.answers["people.reset_password"] = PasswordSet(role)
    typed = {"password": "correct horse", "again": "correct horse", "user_id": "1", "email": "ann@acme.example"}
    answer = await stranger.submit("/reset/a-token", "/reset/a-token", typed)
    assert answer.status_code == 200
    assert f'href="{there}"' in answer.text
    assert "session=" not in answer.headers.get("set-cookie", "")
    assert stage.calls[-1][:2] == ("people.reset_password", {"token": "a-token", "password": "correct horse"})


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"password": "short", "again": "short"}, "password-wrong"),
        ({"password": "correct horse", "again": "correct h0rse"}, "again-wrong"),
        ({}, "password-wrong"),
    ],
)
async def test_a_password_that_will_not_do_is_told_beside_its_field(
    stage: Stage, stranger: Visitor, typed: dict[str, str], beside: str
) -> None:
    answer = await stranger.submit("/reset/a-token", "/reset/a-token", typed)
    assert answer.status_code == 422
    assert f'id="{beside}"' in answer.text
    assert "people.reset_password" not in stage.called


async def test_a_time_zone_is_chosen_and_pages_show_it(stage: Stage, ann: Visitor) -> None:
    me = replace(story.desk().me, zone="America/New_York", zone_chosen=False)
    stage.answers["profile.page"] = Profile(replace(story.desk(), me=me), story.sessions(), [], own.way_in())
    page = (await ann.get("/desk/profile")).text
    assert '<option value="America/New_York" selected>America/New York</option>' in page
    assert 'America/New York">Today 0' in page
    assert 'id="zone-offer"' in page
    sent = {"zone": "Europe/Berlin", "back": "/desk/tickets/7"}
    answer = await ann.submit("/desk/profile", "/desk/profile/zone", sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/tickets/7")
    assert stage.last("profile.move") == {"zone": "Europe/Berlin"}
    answer = await ann.submit("/desk/profile", "/desk/profile/zone", {"zone": "x", "back": "//evil.example"})
    assert answer.headers["location"] == "/desk/tickets"
    stage.answers["profile.move"] = rpc.Invalid(fields={"zone": "There is no such time zone."})
    assert 'id="zone-wrong"' in (await ann.submit("/desk/profile", "/desk/profile/zone", {"zone": "x"})).text


@pytest.mark.asvs("V7.4.5")
async def test_a_profile_shows_and_ends_sessions(stage: Stage, ann: Visitor) -> None:
    page = (await ann.get("/desk/profile")).text
    assert page.count("/end") == 2, "not the one that asks"
    answer = await ann.submit("/desk/profile", f"/desk/profile/sessions/{'0' * 32}/end")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/profile#sessions-title")


async def test_a_name_is_changed(stage: Stage, ann: Visitor) -> None:
    answer = await ann.submit("/desk/profile", "/desk/profile", {"name": "Ann B.", "role": "owner", "email": "x@y.z"})
    assert answer.headers["location"] == "/desk/profile?done=name"
    assert stage.last("profile.rename") == {"name": "Ann B."}
    assert 'id="name-wrong"' in (await ann.submit("/desk/profile", "/desk/profile", {"name": "x" * 300})).text


@pytest.mark.flaw("Zammad CVE-2025-32359")
@pytest.mark.asvs("V7.5.1")
@pytest.mark.parametrize("home", ["/desk/profile", "/account"])
async def test_a_password_is_changed_with_the_current_one(stage: Stage, ann: Visitor, omar: Visitor, home: str) -> None:
    """At the desk and at the portal alike."""
    typed = {"current": "correct horse", "password": "another horse", "again": "another horse"}
    path, who = f"{home}/password", omar if home == "/account" else ann
    answer = await who.submit(home, path, typed)
    assert answer.headers["location"] == f"{home}?done=password#password-title"
    assert answer.headers["set-cookie"].startswith(f"session={SESSION}; HttpOnly")
    assert "Your password is changed." in (await who.get(answer.headers["location"])).text
    assert stage.last("profile.change_password") == {"current": "correct horse", "password": "another horse"}
    for typed_so, beside in (
        (typed | {"again": "x"}, "again-wrong"),
        (typed | {"password": "x", "again": "x"}, "password-wrong"),
        ({name: text for name, text in typed.items() if name != "current"}, "current-wrong"),
    ):
        answer = await who.submit(home, path, typed_so)
        assert (answer.status_code, f'id="{beside}"' in answer.text) == (422, True)
    for wait, status in ((0, 422), (60, 429)):
        stage.answers["profile.change_password"] = PasswordChange(changed=False, wait=wait)
        answer = await who.submit(home, path, typed)
        assert (answer.status_code, 'id="current-wrong"' in answer.text) == (status, True)
