"""A helpdesk in which nothing happens: real signatures, real kinds, and answers that stand still."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from starlette.types import ASGIApp

import rpc
from seldesk.addresses import Addresses
from seldesk.caller import Caller
from seldesk.demo.letters import mail_routes
from seldesk.mail import markdown
from seldesk.methods.desk import (
    attachments,
    contacts,
    drafts,
    entries,
    factors,
    live,
    mails,
    merges,
    messages,
    palette,
    people,
    profile,
    requests,
    search,
    tickets,
    views,
)
from seldesk.methods.desk.contacts import ContactPage
from seldesk.methods.desk.palette import Found
from seldesk.methods.desk.shapes.desk import Hits, Profile, Queue, SearchPage, Tickets
from seldesk.methods.desk.shapes.mails import Failures, Received
from seldesk.methods.desk.shapes.people import Contact, PasswordChange, PasswordSet, SignIn, Welcome
from seldesk.methods.desk.shapes.requests import LinkOpened, Request, Requests
from seldesk.methods.desk.shapes.tickets import Changed, File, NewTicketPage, TicketPage, Written
from seldesk.permissions import MACHINES, OWNER, REQUESTER
from seldesk.surroundings import Customer
from seldesk.web.application import application
from seldesk.web.live import Bounds, Hub
from tests.web import newcomers, organisation_pages, own, panel, reply_pages, sent, statuses, story

KEY = b"k" * 32
REFUSAL = "This cannot be kept as it is: say it in fewer words, and try it again."
SESSION = "ann-is-signed-in"
LINK = "cleo-came-by-link"
REQUESTER_SESSION = "omar-is-signed-in"
METHODS: list[rpc.Method[..., Any]] = [
    live.open,
    live.audience,
    live.attend,
    live.arrivals,
    tickets.queue,
    tickets.page,
    tickets.blank,
    tickets.open,
    tickets.reply,
    tickets.note,
    tickets.take_back,
    drafts.keep,
    merges.merge,
    merges.split,
    merges.undo,
    tickets.follow,
    tickets.unfollow,
    tickets.update,
    tickets.update_many,
    tickets.undo,
    people.sign_in,
    people.suggest,
    people.sign_out,
    people.welcome,
    people.choose_password,
    people.mail_link,
    people.link,
    people.sign_in_by_link,
    people.reset_password,
    people.end_session,
    profile.page,
    profile.rename,
    profile.change_password,
    profile.move,
    profile.choose_notices,
    requests.open,
    requests.list,
    requests.blank,
    requests.create,
    requests.read,
    requests.answer,
    requests.close,
    requests.reopen,
    requests.sign_out,
    messages.body,
    messages.raw,
    messages.source,
    tickets.preview,
    search.page,
    palette.find,
    contacts.page,
    contacts.place,
    contacts.rename,
    views.save,
    views.update,
    views.delete,
    attachments.link,
    attachments.download,
    mails.failures,
    mails.retry,
    *own.METHODS,
    *panel.METHODS,
    *newcomers.METHODS,
]


class _Forgetful:
    async def keep(self, caller: Caller, once: rpc.Once, answer: bytes) -> bool:
        return True

    async def find(self, caller: Caller, once: rpc.Once) -> bytes | None:
        return None


# What pages are made of, and writes: that a ticket was seen, and what was asked of a passkey.
SHOWN = (tickets.page, entries.step, factors.challenge)


@dataclass
class Stage(rpc.Dispatcher):
    """Answers every method from `answers`, where an exception is raised; `calls` holds what came in, `keys` the keys
    of forms.

    Methods that write refuse the arguments named in `refusing`.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any], rpc.Credential]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    refusing: Sequence[str] = ()

    def __post_init__(self) -> None:
        self._stand_ins = {method.name: replace(method, body=self._body(method)) for method in METHODS}
        super().__init__(
            self._stand_ins.values(),
            transaction=self._transaction,
            identify=self._identify,
            translate=lambda error: None,
            answers=_Forgetful(),
        )
        self._credential = rpc.Credential(kind=rpc.Kind.ANONYMOUS)

    async def call(self, credential: rpc.Credential, method: Any, read: Any, key: str = "") -> Any:
        self.keys += [key] if key else []
        return await super().call(credential, self._stand_ins[method.name], read, key)

    def _body(self, method: rpc.Method[..., Any]) -> Callable[..., Any]:
        async def body(caller: Caller, /, **arguments: Any) -> Any:
            self.calls.append((method.name, arguments, self._credential))
            # Opening a ticket writes too: that it was seen.
            if self.refusing and not method.reads and method not in SHOWN:
                raise rpc.Invalid(fields=dict.fromkeys(self.refusing, REFUSAL))
            answer = self.answers[method.name]
            if isinstance(answer, Exception):
                raise answer
            return answer(arguments) if callable(answer) else answer

        return body

    @asynccontextmanager
    async def _transaction(self, _: object, credential: rpc.Credential) -> AsyncIterator[None]:
        self._credential = credential
        yield

    async def _identify(self, _: object, credential: rpc.Credential) -> Caller:
        match credential:
            case rpc.Credential(kind=rpc.Kind.PERSON, secret=secret) if secret == SESSION:
                return Caller(kind=rpc.Kind.PERSON, permissions=OWNER, name="Ann Berg", role="owner")
            case rpc.Credential(kind=rpc.Kind.PERSON, secret=secret) if secret == REQUESTER_SESSION:
                return Caller(kind=rpc.Kind.PERSON, permissions=REQUESTER, name="Omar Haddad", role="requester")
            case rpc.Credential(kind=rpc.Kind.LINK, secret=secret) if secret == LINK:
                return Caller(kind=rpc.Kind.LINK, permissions=REQUESTER, name="Cleo Haddad")
            case rpc.Credential(kind=rpc.Kind.JOB):
                return Caller(kind=rpc.Kind.JOB, permissions=MACHINES[rpc.Kind.JOB])
            case rpc.Credential(kind=rpc.Kind.ANONYMOUS):
                return Caller(kind=rpc.Kind.ANONYMOUS)
        raise rpc.Unauthenticated

    def last(self, name: str) -> dict[str, Any]:
        """The arguments of the last call of this method."""
        return next(asked for called, asked, _ in reversed(self.calls) if called == name)

    @property
    def called(self) -> list[str]:
        return [name for name, _, _ in self.calls]


CUSTOMERS = {
    slug: Customer(UUID(int=number), slug, name, state)
    for number, (slug, name, state) in enumerate(
        [
            ("acme", "Acme Support", "active"),
            ("globex", "Globex", "active"),
            ("soon", "Soon", "provisioning"),
            ("gone", "Gone", "terminated"),
        ]
    )
}


class Customers:
    def find(self, slug: str) -> Customer | None:
        return CUSTOMERS.get(slug)


@dataclass
class Readiness:
    value: bool = True

    async def __call__(self) -> bool:
        return self.value


def edge(
    stage: Stage,
    *,
    development: bool = True,
    proxies: tuple[str, ...] = (),
    ready: bool = True,
    hub: Hub | None = None,
) -> ASGIApp:
    """Without a hub no page may listen: an answer that never ends is nothing for a visitor who waits for its end."""
    addresses = (
        Addresses("localhost", "files.localhost", secure=False, port=8000, ops_base="ops.localhost")
        if development
        else Addresses("desk.example", "files.example", secure=True, ops_base="ops.example")
    )
    return application(
        stage,
        Customers(),
        addresses,
        KEY,
        development=development,
        trusted_proxies=proxies,
        ready=Readiness(ready),
        now=lambda: story.NOW,
        hub=hub or Hub(stage.calling, Bounds(in_process=0)),
        status_folder=statuses.written(),
        site_routes=mail_routes(sent.written()),
    )


def audience(asked: dict[str, Any]) -> live.Audience:
    """Everybody still listens, and hears of the one ticket that there is."""
    tickets = asked.get("tickets") or [None]
    told = [
        live.Listener(session, "owner", ticket, *((4821, story.id_of("late"), story.NOW) if ticket else (None,) * 3))
        for session in asked["sessions"]
        for ticket in tickets
    ]
    return live.Audience(told, {story.BO.id: story.BO.name})


def answers() -> dict[str, Any]:
    """What a quiet morning at Acme looks like."""
    listed = Tickets(story.rows(), "next-page", None)
    first = story.messages()[0]
    return {
        "tickets.queue": lambda asked: Queue(
            story.desk(),
            asked.get("view", "open"),
            asked.get("status"),
            listed,
            story.agents(),
            story.tags(),
            {story.bulk().id: story.bulk(), story.undone().id: story.undone()}.get(asked.get("bulk")),
            next((view for view in story.views() if view.id == asked.get("saved")), None),
            panel.team_names(),
        ),
        "tickets.page": lambda asked: TicketPage(
            story.desk(),
            asked.get("view", "unassigned"),
            listed,
            story.ticket(number=4821 if asked["number"] == 4807 else asked["number"]),
            story.messages(),
            story.events(),
            story.agents(),
            panel.team_names(),
            story.tags(),
            next((view for view in story.views() if view.id == asked.get("saved")), None),
            4822,
            4820,
            ["accounts@haddad-logistics.example"],
            saved_replies=reply_pages.names(),
        ),
        "live.open": live.Opening(story.id_of("session"), story.ANN.id, "owner"),
        "live.audience": audience,
        "live.attend": None,
        "live.arrivals": [live.Arrival(4821, story.ticket().subject, story.OMAR.name, opened=False)],
        "tickets.blank": NewTicketPage(story.desk(), story.agents(), [], panel.team_names(), reply_pages.names()),
        "tickets.open": Written(story.id_of("opened"), 4830, "new"),
        "tickets.reply": Written(story.id_of("reply"), 4821, "waiting"),
        "tickets.take_back": Changed(4821, "open", story.NOW),
        "drafts.keep": None,
        "tickets.note": Written(story.id_of("note"), 4821, "open"),
        "tickets.update_many": story.bulk(),
        "tickets.undo": story.undone(),
        "tickets.update": Changed(4821, "open", story.NOW),
        "search.page": lambda asked: SearchPage(
            story.desk(), asked.get("query", ""), Hits(story.hits(), "next-page") if asked.get("query") else None
        ),
        "people.sign_in": SignIn(SESSION),
        "people.sign_out": None,
        "people.suggest": [story.OMAR],
        "people.welcome": Welcome("Acme Support", "Ann Berg", "ann@acme.example"),
        "people.choose_password": SignIn(SESSION),
        "people.mail_link": None,
        "people.link": Welcome("Acme Support", story.OMAR.name, story.OMAR.email),
        "people.sign_in_by_link": SignIn(REQUESTER_SESSION, role="requester"),
        "people.reset_password": PasswordSet("requester"),
        "people.end_session": None,
        "profile.page": Profile(story.desk(), story.sessions(), ["assigned", "mentioned"], own.way_in()),
        "profile.rename": None,
        "profile.move": None,
        "palette.find": lambda asked: story.found() if asked["query"] == "omar" else Found([], []),
        "contacts.page": ContactPage(
            story.desk(),
            Contact(story.OMAR.id, story.OMAR.name, story.OMAR.email, works_here=False),
            listed,
            organisation_pages.names(),
        ),
        "contacts.place": None,
        "contacts.rename": None,
        "views.save": story.id_of("night shift"),
        "views.update": None,
        "views.delete": None,
        "profile.choose_notices": None,
        "merges.merge": Changed(4410, "open", story.NOW),
        "merges.split": Changed(4832, "new", story.NOW),
        "merges.undo": Changed(4410, "solved", story.NOW),
        "tickets.follow": None,
        "tickets.unfollow": None,
        "profile.change_password": PasswordChange(changed=True, token=SESSION),
        "requests.list": Requests(
            story.requester(), story.request_rows(), "next-page", "previous-page", "Haddad Logistics"
        ),
        "requests.blank": story.requester(),
        "requests.create": Written(story.id_of("asked"), 4832, "new"),
        "requests.reopen": Changed(4821, "open", story.NOW),
        "requests.open": LinkOpened(LINK, 4821),
        "requests.read": Request(
            "Acme Support",
            4821,
            story.ticket().subject,
            "waiting",
            story.ticket().requester,
            first.created_at,
            story.NOW,
            [message for message in story.messages() if message.kind == "message"],
        ),
        "requests.answer": Written(story.id_of("answer"), 4821, "open"),
        "requests.close": Changed(4821, "solved", story.NOW),
        "requests.sign_out": None,
        "messages.body": story.DOCUMENT,
        "messages.raw": File("mail.eml", "message/rfc822", story.RAW.encode()),
        "messages.source": story.source(),
        "tickets.preview": lambda asked: markdown.render(asked["body"]),
        "attachments.link": "http://acme.files.localhost:8000/a-token",
        "attachments.download": File("invoice.pdf", "application/pdf", b"%PDF-1.7"),
        "mails.failures": Failures(story.desk(), story.failures(), None),
        "mails.retry": Received("opened", 4831),
        **own.answers(),
        **panel.answers(),
        **newcomers.answers(),
    }


def empty() -> dict[str, Any]:
    """The first minute of a new customer."""
    nothing = Tickets([], None, None)
    desk = replace(story.desk(), counts=dict.fromkeys(("mine", "team", "unassigned", "open", "waiting"), 0))
    return answers() | {
        "tickets.queue": lambda asked: Queue(desk, asked.get("view", "open"), None, nothing, [], []),
        "mails.failures": Failures(desk, [], None),
        "requests.list": Requests(story.requester(), [], None, None),
        "contacts.page": replace(answers()["contacts.page"], tickets=nothing),
        "tickets.page": lambda asked: replace(answers()["tickets.page"](asked), messages=[], events=[], queue=nothing),
        **panel.empty(),
    }
