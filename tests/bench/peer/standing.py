"""django-helpdesk beside us: an environment of its own, a database on the same PostgreSQL, gunicorn, agents."""

import asyncio
import os
import random
import re
import secrets
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx2

from orm.address import Address
from orm.provision.connection import connect
from orm.provision.scram import verifier
from orm.provision.sql import identifier, literal
from tests.acceptance.processes import free_ports, until_answering
from tests.bench import vocabulary
from tests.bench.operations import PREPARED, Operation, form, request
from tests.bench.peer import past
from tests.bench.place import AGENTS, PASSWORD, WORKERS, Place, Session
from tests.bench.seed import REQUESTERS, answerable, priority, turns

ROOT = Path(__file__).parents[3]
ENVIRONMENT = ".cache/bench-peer"
INSTALLING = 300  # seconds
MIGRATING = 120
DATABASE = "c_peer"  # a name that the server's rules of access let in
HOST = "127.0.0.1"
# A worker of gunicorn answers one connection at a time: one that is kept open would keep all others waiting.
HEADERS = {"Connection": "close"}
CSRF = "csrfmiddlewaretoken"
TOKEN = re.compile(rf'name="{CSRF}" value="([^"]+)"')
FOUND = 25  # rows of a page that is searched, as ours


class NoPeerError(Exception):
    """django-helpdesk could not be installed: is the package registry out of reach?"""


@dataclass(frozen=True, slots=True)
class Site:
    """What requests are made for, as a customer of ours is."""

    host: str = HOST


@dataclass(frozen=True, slots=True)
class Peer:
    port: int
    operations: Mapping[str, Operation]


def install() -> None:
    """Once: its environment, within a bounded time. NoPeerError."""
    wanted = (Path(__file__).with_name("requirements.txt")).read_text().splitlines()
    pins = [line for line in wanted if line and not line.startswith("#")]
    command = ["scripts/prepare", ENVIRONMENT, "--quiet", "--retries", "1", "--timeout", "20", *pins]
    try:
        done = subprocess.run(command, cwd=ROOT, timeout=INSTALLING, check=False, capture_output=True, text=True)
    except subprocess.TimeoutExpired:
        raise NoPeerError(f"{NoPeerError.__doc__} It took more than {INSTALLING} seconds.") from None
    if done.returncode:
        raise NoPeerError(f"{NoPeerError.__doc__}\n{done.stderr.strip()[-800:]}")


@contextmanager
def standing(place: Place, tickets: int, told: Callable[[str], None]) -> Iterator[Peer]:
    """Seeded, running, with its agents signed in."""
    told("django-helpdesk: database")
    address = asyncio.run(_database(place))
    given = {**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "tests.bench.peer.settings"}
    given |= {"PEER_HOST": address.host, "PEER_PORT": str(address.port), "PEER_PASSWORD": address.password}
    given |= {"PEER_DATABASE": address.database, "PEER_ROLE": address.role}
    python = f"{ROOT}/{ENVIRONMENT}/bin/python"
    subprocess.run(
        [python, "-m", "django", "migrate", "--no-input"], env=given, timeout=MIGRATING, check=True, capture_output=True
    )
    told(f"django-helpdesk: {tickets:,} tickets")
    asyncio.run(_seed(place, tickets))
    (port,), log = free_ports(1), place.home / "peer.log"
    # Its control socket would lie in the home folder.
    options = [f"--workers={WORKERS}", f"--bind={HOST}:{port}", "--log-level=warning", "--no-control-socket"]
    command = [python, "-m", "gunicorn", *options]
    with log.open("ab") as file:
        process = subprocess.Popen([*command, "tests.bench.peer.site:application"], env=given, stdout=file, stderr=file)
    try:
        until_answering(port, process, log)
        sessions = [_sign_in(port, position) for position in range(AGENTS)]
        yield Peer(port, _operations(sessions, tickets))
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _database(place: Place) -> Address:
    there = place.server.superuser
    address = Address(there.host, there.port, DATABASE, DATABASE, secrets.token_urlsafe(32))
    async with connect(place.database("postgres")) as connection:
        name, secret = identifier(DATABASE), literal(verifier(address.password))
        await connection.execute(f"create role {name} login password {secret}")
        await connection.execute(f"create database {name} template template0 owner {name}")
    return address


async def _seed(place: Place, tickets: int) -> None:
    async with connect(place.database(DATABASE)) as connection:
        await past.seed(connection, tickets, datetime.now(UTC))


def _sign_in(port: int, position: int) -> Session:
    with httpx2.Client(base_url=f"http://{HOST}:{port}", timeout=30, trust_env=False) as client:
        token = _token(client.get("/login/").text)
        fields = {CSRF: token, "username": past.name(position), "password": PASSWORD}
        answer = client.post("/login/", data=fields)
        if answer.status_code != 302:
            raise RuntimeError(f"Signing in to django-helpdesk was answered by {answer.status_code}.")
        cookie = "; ".join(f"{name}={client.cookies[name]}" for name in ("csrftoken", "sessionid"))
        return Session(cookie, _token(client.get("/tickets/submit/").text))


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("There is no form on this page of django-helpdesk.")
    return found[1]


def _operations(sessions: Sequence[Session], tickets: int) -> dict[str, Operation]:
    """By the names of ours. Two words are a phrase there, which is something else."""
    chance, site = random.Random(7), Site()
    numbers = answerable(tickets)

    def many(one: Callable[[Session], bytes]) -> list[bytes]:
        return [one(chance.choice(sessions)) for _ in range(PREPARED)]

    def get(session: Session, path: str) -> bytes:
        return request(site, session, "GET", path, given=HEADERS)

    def post(session: Session, path: str, fields: Mapping[str, str]) -> bytes:
        return request(site, session, "POST", path, form(session, fields, CSRF), HEADERS)

    def reply(session: Session, number: int) -> bytes:
        return post(session, f"/tickets/{number}/update/", _reply(chance, number))

    shown = [chance.randint(1, tickets) for _ in range(PREPARED)]
    row = b'"row_class"'
    found = [
        Operation(
            "queue page",
            "queue",
            200,
            b'"recordsTotal"',
            many(lambda session: get(session, f"/whole/{past.PAGE}/tickets/")),
            rows=(row, min(past.PAGE, tickets // 2)),
        ),
        Operation(
            "ticket page",
            "ticket",
            200,
            b'id="followup-list"',
            [get(chance.choice(sessions), f"/tickets/{number}/") for number in shown],
            rows=(b'"list-group-item list-group-item-action"', turns(shown[0])),
        ),
        *(_search(get, chance, sessions, name, queries, tickets) for name, queries in vocabulary.classes().items()),
        Operation(
            "create",
            "create",
            302,
            b"",
            many(lambda session: post(session, "/tickets/submit/", _new_ticket(chance))),
            grows=(DATABASE, "helpdesk_ticket"),
        ),
        Operation(
            "reply",
            "reply",
            302,
            b"",
            many(lambda session: reply(session, chance.choice(numbers))),
            grows=(DATABASE, "helpdesk_followup"),
        ),
    ]
    return {one.name: one for one in found if "two words" not in one.name}


def _search(
    get: Callable[[Session, str], bytes],
    chance: random.Random,
    sessions: Sequence[Session],
    name: str,
    queries: Sequence[str],
    tickets: int,
) -> Operation:
    asked = [chance.choice(queries) for _ in range(PREPARED)]
    paths = [f"/whole/{FOUND}/tickets/?q={quote(query)}" for query in asked]
    rows = min(FOUND, vocabulary.known(asked[0], tickets))
    sent = [get(chance.choice(sessions), path) for path in paths]
    return Operation(f"search, {name}", "search", 200, b'"recordsTotal"', sent, rows=(b'"row_class"', rows))


def _new_ticket(chance: random.Random) -> dict[str, str]:
    number = chance.randrange(100_000)
    return {
        "queue": "1",
        "title": vocabulary.subject(number),
        "body": vocabulary.text(number, 1),
        "priority": "3",
        "submitter_email": f"requester{chance.randrange(REQUESTERS)}@customers.example",
    }


def _reply(chance: random.Random, number: int) -> dict[str, str]:
    return {
        "queue": "1",
        "title": vocabulary.subject(number),
        "priority": str(past.PRIORITIES[priority(number)]),
        "comment": vocabulary.text(chance.randrange(100_000), 2),
        "public": "1",
    }
