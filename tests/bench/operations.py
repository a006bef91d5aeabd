"""What agents do, as the requests that their browsers send: pages by GET, forms by POST as multipart/form-data.

A form is answered by 303; the page that a browser loads next is an operation of its own. Replies say nothing of the
last message that was seen: at this pace somebody else always wrote in between.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from tests.bench import load, vocabulary
from tests.bench.place import HEADERS, Customer, Session
from tests.bench.seed import REQUESTERS, answerable, turns

PREPARED = 2_000  # requests of one kind, sent round and round
LISTED, FOUND = 50, 25  # rows of a page of tickets, and of one that is searched
BOUNDARY = "----bench7d41b838504d8"


class Site(Protocol):
    @property
    def host(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Operation:
    """status and marker are what a right answer has.

    rows -- what the answer to the first request has so many of
    grows -- the database and the table which have one row more after a request
    """

    name: str
    figure: str
    status: int
    marker: bytes
    requests: Sequence[bytes]
    rows: tuple[bytes, int] | None = None
    grows: tuple[str, str] | None = None


def operations(customer: Customer, sessions: Sequence[Session], tickets: int) -> list[Operation]:
    """Random sessions, ids over the whole range, words of their class; the same at each run."""
    chance = random.Random(7)
    numbers = answerable(tickets)

    def many(one: Callable[[Session], bytes]) -> list[bytes]:
        return [one(chance.choice(sessions)) for _ in range(PREPARED)]

    def get(path: Callable[[], str]) -> list[bytes]:
        return many(lambda session: request(customer, session, "GET", path()))

    def post(path: Callable[[], str], fields: Callable[[], Mapping[str, str]]) -> list[bytes]:
        return many(lambda session: request(customer, session, "POST", path(), form(session, fields())))

    row = b' id="row-'
    shown = [chance.randint(1, tickets) for _ in range(PREPARED)]
    paths = iter(shown)
    page = get(lambda: f"/desk/tickets/{next(paths)}")
    found = [
        Operation(
            "queue page",
            "queue",
            200,
            b'id="rows"',
            get(lambda: "/desk/tickets"),
            rows=(row, min(LISTED, tickets // 2)),
        ),
        Operation(
            "ticket page",
            "ticket",
            200,
            b'class="composer"',
            page,
            rows=(b'<article class="message ', turns(shown[0])),
        ),
    ]
    for name, queries in vocabulary.classes().items():
        asked = [chance.choice(queries) for _ in range(PREPARED)]
        words = iter(asked)
        sent = get(lambda words=words: f"/desk/search?query={quote(next(words))}")  # type: ignore[misc]
        hits = (row, min(FOUND, vocabulary.known(asked[0], tickets)))
        found.append(Operation(f"search, {name}", "search", 200, b"</html>", sent, rows=hits))
    opened = post(lambda: "/desk/tickets", lambda: _new_ticket(chance))
    found.append(Operation("create", "create", 303, b"", opened, grows=(customer.database, "app.tickets")))
    replied = post(lambda: f"/desk/tickets/{chance.choice(numbers)}/replies", lambda: _reply(chance))
    found.append(Operation("reply", "reply", 303, b"", replied, grows=(customer.database, "app.messages")))
    return found


def request(
    site: Site, session: Session, method: str, path: str, body: bytes = b"", given: Mapping[str, str] = HEADERS
) -> bytes:
    headers = {**given, "Host": site.host, "Cookie": session.cookie}
    if method == "POST":
        headers |= {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def form(session: Session, fields: Mapping[str, str], token: str = "form_token") -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {token: session.form_token, **fields}.items()
    ]
    return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()


def _new_ticket(chance: random.Random) -> dict[str, str]:
    number = chance.randrange(100_000)
    return {
        "requester_email": f"requester{chance.randrange(REQUESTERS)}@customers.example",
        "requester_name": "",
        "subject": vocabulary.subject(number),
        "body": vocabulary.text(number, 1),
        "priority": "normal",
        "tags": "",
        "once": load.ONCE,
    }


def _reply(chance: random.Random) -> dict[str, str]:
    return {
        "seen": "",
        "view": "open",
        "as": "reply",
        "body": vocabulary.text(chance.randrange(100_000), 2),
        "status": "waiting",
        "once": load.ONCE,
    }
