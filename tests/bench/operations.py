"""What agents do, as the requests that their browsers send: pages by GET, forms by POST as multipart/form-data.

A form is answered by 303; the page that a browser loads next is an operation of its own. Replies say nothing of the
last message that was seen: at this pace somebody else always wrote in between.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tests.bench import vocabulary
from tests.bench.place import HEADERS, Customer, Session
from tests.bench.seed import REQUESTERS, answerable

PREPARED = 2_000  # requests of one kind, sent round and round
BOUNDARY = "----bench7d41b838504d8"


@dataclass(frozen=True, slots=True)
class Operation:
    """status and marker are what a right answer has; counted is the bound on its statements, None for no bound."""

    name: str
    figure: str
    status: int
    marker: bytes
    requests: Sequence[bytes]


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

    found = [
        Operation("queue page", "queue", 200, b'id="rows"', get(lambda: "/desk/tickets")),
        Operation(
            "ticket page",
            "ticket",
            200,
            b'class="composer"',
            get(lambda: f"/desk/tickets/{chance.randint(1, tickets)}"),
        ),
    ]
    for name, queries in vocabulary.classes().items():
        words = get(lambda queries=queries: f"/desk/search?query={quote(chance.choice(queries))}")  # type: ignore[misc]
        found.append(Operation(f"search, {name}", "search", 200, b"</html>", words))
    opened = post(lambda: "/desk/tickets", lambda: _new_ticket(chance))
    found.append(Operation("create", "create", 303, b"", opened))
    replied = post(lambda: f"/desk/tickets/{chance.choice(numbers)}/replies", lambda: _reply(chance))
    found.append(Operation("reply", "reply", 303, b"", replied))
    return found


def request(customer: Customer, session: Session, method: str, path: str, body: bytes = b"") -> bytes:
    headers = {**HEADERS, "Host": customer.host, "Cookie": session.cookie}
    if method == "POST":
        headers |= {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def form(session: Session, fields: Mapping[str, str]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {"form_token": session.form_token, **fields}.items()
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
    }


def _reply(chance: random.Random) -> dict[str, str]:
    return {
        "seen": "",
        "view": "open",
        "as": "reply",
        "body": vocabulary.text(chance.randrange(100_000), 2),
        "status": "waiting",
    }
