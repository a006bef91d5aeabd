"""What a newcomer gets from one command."""

import json
import shutil
import smtplib
import socket
import time
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx2
import pyotp
import pytest

from tests.acceptance.processes import environment, free_ports, living, run, running, until_answering
from tests.web.visitor import FORM_TOKEN


def until_told(home: Path) -> dict[str, Any]:
    end = time.monotonic() + 400
    while time.monotonic() < end:
        if (home / "demo.json").exists():
            told: dict[str, Any] = json.loads((home / "demo.json").read_text())
            return told
        time.sleep(0.1)
    raise AssertionError((home.parent / "log").read_text()[-3000:])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A demo that was filled, ended by Ctrl+C, and started again."""
    home = tmp_path_factory.mktemp("demo") / "state"
    home.mkdir()
    port, _ = free_ports(2)
    given, log = environment(home), home.parent / "log"
    with running("demo", "--port", str(port), given=given, log=log):
        first = until_told(home)
    assert not (home / "demo.json").exists()
    assert living(home) == []
    with running("demo", "--port", str(port), given=given, log=log) as process:
        told = until_told(home)
        assert told == first
        until_answering(port, process, log)
        yield home, told


def call(told: dict[str, Any], customer: dict[str, Any], token: str, method: str, **params: object) -> Any:
    request = urllib.request.Request(
        told["base"] + "/rpc",
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode(),
        {
            "Host": customer["url"].removeprefix("http://"),
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["result"]


@pytest.mark.long
def test_the_demo_tells_programs_where_everything_is(filled: tuple[Path, dict[str, Any]]) -> None:
    home, told = filled
    assert (home / "demo.json").stat().st_mode & 0o777 == 0o600
    assert {customer["slug"] for customer in told["customers"]} == {"acme", "globex", "initech"}
    for customer in told["customers"]:
        roles = [person["role"] for person in customer["people"]]
        assert {"owner", "agent", "requester"} == set(roles)
        for person in customer["people"]:
            wanted = (
                {"role", "email", "link"} if person["role"] == "requester" else {"role", "email", "password", "token"}
            )
            assert set(person) == wanted


@pytest.mark.long
def test_each_step_is_a_line_where_there_is_no_terminal(filled: tuple[Path, dict[str, Any]]) -> None:
    said = (filled[0].parent / "log").read_text()
    for step in (
        "starting PostgreSQL ...",
        "preparing the control database and the templates ...",
        "making databases, 3 of them ...",
        "Acme Support: tickets, ",
        "opening what was filled ...",
        "hiring the operator's own staff ...",
        "opening the doors ...",
    ):
        assert f"\n{step}" in f"\n{said}"


@pytest.mark.long
def test_the_console_takes_what_is_told_of_it(filled: tuple[Path, dict[str, Any]]) -> None:
    console = filled[1]["console"]
    assert set(console) == {"url", "email", "password", "totp_secret"}
    host = console["url"].removeprefix("http://")
    at_home = {"Host": host, "Sec-Fetch-Site": "same-origin"}
    with httpx2.Client(base_url=f"http://127.0.0.1:{host.rpartition(':')[2]}", headers=at_home) as browser:

        def send(path: str, **fields: str) -> str:
            token = FORM_TOKEN.search(browser.get(path).text)
            assert token
            return browser.post(path, data={"form_token": token[1], **fields}).headers["location"]

        assert send("/sign-in", email=console["email"], password=console["password"]).startswith("/sign-in/factor")
        code = pyotp.TOTP(console["totp_secret"]).now()
        assert send("/sign-in/factor", code=code) == "/"
        assert "Acme" in browser.get("/customers").text


@pytest.mark.long
def test_each_customer_has_five_weeks_of_tickets(filled: tuple[Path, dict[str, Any]]) -> None:
    _, told = filled
    for customer in told["customers"]:
        token = customer["people"][0]["token"]
        seen, cursor = [], None
        while True:
            page = call(told, customer, token, "tickets.list", size=100, **({"cursor": cursor} if cursor else {}))
            seen += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(seen) >= 60
        assert {row["status"] for row in seen} == {"new", "open", "waiting", "solved", "closed"}


@pytest.mark.long
def test_a_mail_sent_to_the_demo_is_answered(filled: tuple[Path, dict[str, Any]]) -> None:
    _, told = filled
    customer = told["customers"][0]
    before = set(Path(told["mail_out"]).glob("*.eml"))
    with smtplib.SMTP(told["smtp"]["host"], told["smtp"]["port"], timeout=20) as client:
        client.sendmail(
            "you@example.org",
            customer["mailbox"],
            f"From: you@example.org\r\nTo: {customer['mailbox']}\r\nSubject: Hello\r\n\r\nIs anybody there?\r\n",
        )
    end = time.monotonic() + 20
    while not (new := set(Path(told["mail_out"]).glob("*.eml")) - before) and time.monotonic() < end:
        time.sleep(0.05)
    (confirmation,) = new
    assert b"you@example.org" in confirmation.read_bytes()


@pytest.mark.long
def test_mail_that_went_out_can_be_read_on_a_page(filled: tuple[Path, dict[str, Any]]) -> None:
    _, told = filled
    with urllib.request.urlopen(told["base"] + "/demo/mail", timeout=20) as answer:
        page = answer.read().decode()
    assert "Mail that went out" in page
    name = page.partition('href="/demo/mail/')[2].partition('"')[0]
    with urllib.request.urlopen(f"{told['base']}/demo/mail/{name}", timeout=20) as answer:
        assert "From" in answer.read().decode()


@pytest.mark.long
def test_the_requesters_link_opens_the_portal(filled: tuple[Path, dict[str, Any]]) -> None:
    _, told = filled
    port = int(told["base"].rpartition(":")[2])
    for customer in told["customers"]:
        link = next(person["link"] for person in customer["people"] if person["role"] == "requester")
        host = customer["url"].removeprefix("http://")
        door = HTTPConnection("127.0.0.1", port, timeout=20)
        door.request("GET", link.removeprefix(customer["url"]), headers={"Host": host})
        traded = door.getresponse()
        traded.read()
        assert traded.status == 303
        cookie = (traded.getheader("Set-Cookie") or "").partition(";")[0]
        door.request("GET", traded.getheader("Location") or "", headers={"Host": host, "Cookie": cookie})
        page = door.getresponse()
        assert page.status == 200
        assert b"Your answer" in page.read()
        door.close()


@pytest.mark.long
def test_a_second_demo_in_the_same_folder_says_so(filled: tuple[Path, dict[str, Any]]) -> None:
    home, _ = filled
    port, _ = free_ports(2)
    ended = run("demo", "--port", str(port), given=environment(home))
    assert ended.returncode == 1
    assert "Another demo is running" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.long
def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("demo", "--port", str(port), given=environment(tmp_path))
    assert ended.returncode == 1
    assert f"Port {port} cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.long
@pytest.mark.parametrize("broken", ["filled.json", "postgres", "file"])
def test_a_broken_state_folder_is_a_sentence(tmp_path: Path, broken: str) -> None:
    port, _ = free_ports(2)
    home = tmp_path / "state"
    if broken == "file":
        home.write_text("not a folder")
    else:
        home.mkdir()
        if broken == "filled.json":
            (home / "filled.json").write_text("{")
        else:
            (home / "postgres" / "data").mkdir(parents=True)
            (home / "postgres" / "data" / "PG_VERSION").write_text("17\n")
    ended = run("demo", "--port", str(port), given=environment(home))
    assert ended.returncode == 1
    assert "Failed:" in ended.stderr
    assert "Traceback" not in ended.stderr
    if home.is_dir():
        shutil.rmtree(home)
