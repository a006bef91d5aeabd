"""What is known of one request: the edge it came to, whose door it stands at, and who it says it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from jinja2 import Environment
from starlette.requests import HTTPConnection

import rpc
from seldesk.addresses import Addresses
from seldesk.caller import Acting
from seldesk.surroundings import Customer
from seldesk.web.live import Hub
from seldesk.web.proxies import Proxies


class Directory(Protocol):
    """The customers, held in memory."""

    def find(self, slug: str) -> Customer | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What all requests share."""

    dispatcher: rpc.Dispatcher
    directory: Directory
    addresses: Addresses
    key: bytes = field(repr=False)
    development: bool
    proxies: Proxies
    ready: Callable[[], Awaitable[bool]]
    now: Callable[[], datetime]
    pages: Environment
    live: Hub
    # Where the status page lies as a file.
    status: Path | None = None


@dataclass(slots=True, kw_only=True)
class Visit:
    """One request. kind is what its route takes callers for, typed the long text of its form, which no error may
    lose, once the key of one that failed; new_form_cookie is set with the answer.
    """

    edge: Edge
    request_id: str
    nonce: str
    now: datetime
    address: str
    secure: bool
    customer: Customer | None = None
    kind: rpc.Kind = rpc.Kind.ANONYMOUS
    typed: str = ""
    once: str = ""
    new_form_cookie: str | None = None
    # One of the staff, in the name of one of this customer's people.
    acting: Acting | None = None
    # Takes the cookie of one who acts no more away, with whatever is answered.
    over: str = ""

    @property
    def slug(self) -> str | None:
        return self.customer.slug if self.customer else None


def visit_of(connection: HTTPConnection) -> Visit:
    visit: Visit = connection.scope["visit"]
    return visit
