"""A morning at Acme: Ann answers, Bo supervises, Omar and others ask."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from seldesk.methods.desk.palette import Found, TicketFound
from seldesk.methods.desk.shapes.desk import Bulk, BulkResult, Desk, Hit, Piece, SavedView, Tagged, TicketRow
from seldesk.methods.desk.shapes.mails import Failure
from seldesk.methods.desk.shapes.people import Contact, Me, Party, SessionRow
from seldesk.methods.desk.shapes.requests import LastSaid, RequestRow
from seldesk.methods.desk.shapes.tickets import Event, FileRow, Message, Other, Source, Ticket
from seldesk.permissions import ROLES

NOW = datetime(2026, 11, 21, 9, 36, tzinfo=UTC)
HOSTILE = '"><svg onload=alert(1)>'
SMOKE = "Good morning, the printer next to the kitchen smells burnt and smokes when"
MOVED = "Hi, we moved in October and told you, but the invoice still shows Hamburg"
BROKEN = "添付の請求書を開こうとすると「破損しています」と表示されます。"
LIMITS = "API answers 429 although we are under the limit of the plan that we have booked"
NOTED = "Address change is in the CRM since 12 October, the billing run took the snapshot from September."
STEPS = "<li>the old invoice is cancelled,</li><li>a new one with your address in Bremen comes by mail.</li>"
DOCUMENT = "<!doctype html><html><body><p>Hi, we moved in October.</p></body></html>"


RAW = f"""Received: from mx.haddad-logistics.example
From: Omar Haddad <omar@haddad-logistics.example>
Subject: {HOSTILE}

Hi, we moved in October.
"""


def id_of(name: str) -> UUID:
    return uuid5(UUID(int=0), name)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


ANN = Party(id_of("ann"), "Ann Berg", "ann@acme.example")
BO = Party(id_of("bo"), "Bo Lind", "bo@acme.example")
OMAR = Party(id_of("omar"), "Omar Haddad", "omar@haddad-logistics.example")


def agents() -> list[Party]:
    return [ANN, BO]


def tags() -> list[Tagged]:
    return [Tagged(name) for name in ("api", "billing", "export", "hardware", "refund")]


def bulk() -> Bulk:
    told = [(4821, "changed", ""), (4820, "unchanged", ""), (4819, "refused", "A ticket has 50 tags at most.")]
    return Bulk(id_of("bulk"), None, [BulkResult(number, outcome, why) for number, outcome, why in told])  # type: ignore[arg-type]


def undone() -> Bulk:
    return Bulk(id_of("undone"), id_of("bulk"), [BulkResult(4821, "changed", "")])


def desk(role: str = "owner") -> Desk:
    counts = {"mine": 8, "team": 5, "unassigned": 14, "open": 126, "waiting": 1000}
    return Desk("Acme Support", Me(ANN.id, ANN.name, ANN.email, role, may=ROLES[role]), counts, views())


def views() -> list[SavedView]:
    loud = {"view": "open", "status": "new", "tag": "billing", "sort": "priority"}
    return [
        SavedView(id_of("loud"), "Loud invoices", False, loud),
        SavedView(id_of("vip"), "Everything about Haddad Logistics, whoever has it", False, {"view": "all"}),
        SavedView(id_of("night shift"), "Night shift", True, {"view": "waiting", "channel": "mail"}),
    ]


def found() -> Found:
    return Found(
        [TicketFound(4821, "Invoice 2026-1184 shows the old address", "open", OMAR.name)],
        [Contact(OMAR.id, OMAR.name, OMAR.email, works_here=False), Contact(BO.id, BO.name, BO.email, works_here=True)],
    )


def rows() -> list[TicketRow]:
    # requester, subject, preview, status, priority, tags, assignee, last change
    told: list[tuple[str, str, str, str, str, str, str | None, datetime]] = [
        ("Grete Müller", "Printer on the third floor smokes", SMOKE, "new", "urgent", "hardware", None, ago(minutes=2)),
        (
            OMAR.name,
            "Invoice 2026-1184 shows the old address",
            MOVED,
            "open",
            "normal",
            "billing",
            None,
            ago(minutes=9),
        ),
        (
            "Yuki Tanaka",
            "請求書のPDFが開けません",
            BROKEN,
            "open",
            "normal",
            "billing pdf japan",
            BO.name,
            ago(minutes=24),
        ),
        ("Lena Fischer", "Cannot sign in", "I used it twice", "waiting", "high", "sign-in", ANN.name, ago(minutes=41)),
        ("Ravi Kumar", LIMITS, "Every second call was refused", "open", "normal", "api", ANN.name, ago(hours=1)),
        ("Sofia Rossi", "Dark mode for the portal", "My eyes thank you", "open", "low", "idea", None, ago(hours=2)),
        ("Noah Williams", "Refund for order 7731", "It came back", "open", "normal", "refund", BO.name, ago(hours=3)),
        ("Amélie Laurent", "Export stops", "At the same row", "open", "high", "export bug", ANN.name, ago(hours=5)),
        ("Marta Nowak", "Thank you!", "It works", "solved", "normal", "", ANN.name, ago(days=1)),
        ("Dmitri Volkov", "Счёт за ноябрь", "Пришлите счёт", "waiting", "normal", "billing", BO.name, ago(days=3)),
        ("Ines Ferreira", "Our new IBAN", "From December", "closed", "normal", "billing", None, ago(days=40)),
    ]
    listed = [
        TicketRow(4822 - at, subject, preview, status, priority, tags.split(), "mail", who, assignee, ago(days=1), when)
        for at, (who, subject, preview, status, priority, tags, assignee, when) in enumerate(told)
    ]
    return [replace(row, unread=True) for row in listed[:2]] + listed[2:]


def hits() -> list[Hit]:
    """The rows as if their first letters had been looked for; the second was found in a note."""
    return [
        Hit(
            row.number,
            [Piece(row.subject[:7], found=True), Piece(row.subject[7:], found=False)],
            [Piece(row.preview, found=False), Piece(" invoice", found=True), Piece(" as it came …", found=False)],
            "note" if at == 1 else "message",
            row.status,
            row.priority,
            row.tags,
            row.requester,
            row.assignee,
            row.updated_at,
        )
        for at, row in enumerate(rows())
    ]


def ticket(**changes: Any) -> Ticket:
    values: dict[str, Any] = {
        "number": 4821,
        "subject": "Invoice 2026-1184 shows the old address",
        "status": "open",
        "priority": "normal",
        "tags": ["billing"],
        "channel": "mail",
        "requester": OMAR,
        "assignee": None,
        "last_message": id_of("m4"),
        "followers": [ANN, BO],
        "created_at": ago(minutes=22),
        "updated_at": ago(minutes=3),
        "others": [
            Other(4410, "Change of address", "solved"),
            Other(3987, "Second sign-in for the accountant of our branch in Bremen", "waiting"),
            Other(3120, "Payment by SEPA", "closed"),
        ],
        "merged": [Other(4807, "Re: Invoice 2026-1184, and the delivery note that came with it", "open")],
    }
    return Ticket(**values | changes)


def message(name: str, **changes: Any) -> Message:
    values: dict[str, Any] = {
        "id": id_of(name),
        "kind": "message",
        "side": "requester",
        "author": OMAR.name,
        "email": OMAR.email,
        "origin": "mail",
        "text": "Hi",
        "visible_end": 2,
        "markdown": None,
        "html": False,
        "verified": True,
        "automatic": False,
        "match_reason": None,
        "delivery": "",
        "delivery_error": None,
        "created_at": NOW,
        "files": [],
    }
    values |= {"visible_end": len(changes.get("text", "Hi"))} | changes
    return Message(**values)


def messages() -> list[Message]:
    asked = (
        "Hi,\n\nwe moved in October and told you on the phone, but invoice 2026-1184 still has our old address in "
        "Hamburg. Our accountant will not book it like this. Can you send a corrected one before Friday? The old one "
        "is at https://billing.acme.example/i/2026-1184\n\nOmar"
    )
    quoted = "\n\nOn 20 Nov 2026, Acme Support wrote:\n> Your invoice for November is attached.\n> Have a good day!"
    return [
        message(
            "m1",
            text=asked + quoted,
            visible_end=len(asked),
            html=True,
            created_at=ago(minutes=22),
            files=[FileRow(id_of("pdf"), "invoice-2026-1184.pdf", "application/pdf", 182_400)],
        ),
        message(
            "m2",
            kind="note",
            side="agent",
            author=BO.name,
            email=BO.email,
            origin="desk",
            text=f"{NOTED} **Ann**, can you reissue?",
            markdown=f'<p>{NOTED} <span class="mention">@Ann Berg</span>, can you reissue?</p>',
            created_at=ago(minutes=15),
        ),
        message(
            "m3",
            side="agent",
            author=ANN.name,
            email=ANN.email,
            origin="desk",
            text="Hello Omar",
            markdown=f"<p>Hello Omar,</p><p>sorry about that. Two things will happen today:</p><ol>{STEPS}</ol>",
            delivery="failed",
            delivery_error="550 mailbox full",
            created_at=ago(minutes=8),
        ),
        message(
            "m4",
            verified=False,
            text="Thank you, that was quick. Here is a picture of the letterhead, just in case.",
            created_at=ago(minutes=3),
            files=[FileRow(id_of("png"), "letterhead.png", "image/png", 1_420_000)],
        ),
    ]


def events() -> list[Event]:
    return [
        Event(id_of("e0"), "opened", "mail", {}, {"subject": "Invoice", "channel": "mail"}, ago(minutes=22, seconds=1)),
        Event(id_of("e1"), "tags", "Bo Lind", {"tags": []}, {"tags": ["billing"]}, ago(minutes=20)),
        Event(id_of("e2"), "status", "Ann Berg", {"status": "new"}, {"status": "waiting"}, ago(minutes=7)),
        Event(id_of("e3"), "assigned", "Bo Lind", {"assignee": None}, {"assignee": "Ann Berg"}, ago(minutes=6)),
    ]  # fmt: skip


def source() -> Source:
    return Source(
        desk(),
        4821,
        id_of("m1"),
        OMAR.name,
        OMAR.email,
        "support@acme.localhost",
        "person",
        None,
        verified=True,
        size=len(RAW),
        received_at=ago(minutes=22),
        text=RAW,
        cut=True,
    )


def requester() -> Me:
    return Me(OMAR.id, OMAR.name, OMAR.email, "requester")


def request_rows() -> list[RequestRow]:
    ann, omar = LastSaid(ANN.name, "agent", ago(minutes=10)), LastSaid(OMAR.name, "requester", ago(days=7))
    return [
        RequestRow(4821, "Invoice 2026-1184 shows the old address", "waiting", ago(hours=3), [ann]),
        RequestRow(4790, "Please add a second sign-in for our accountant", "open", ago(days=8), [omar]),
        RequestRow(3987, "Limits of the API", "solved", ago(days=40), [replace(ann, created_at=ago(days=39))]),
        RequestRow(3001, "x" * 255, "closed", ago(days=300), []),
    ]


def sessions() -> list[SessionRow]:
    return [
        SessionRow(id_of("s1"), "192.0.2.17", "Firefox on Linux", ago(hours=2), ago(minutes=1), current=True),
        SessionRow(
            id_of("s2"), "2001:db8:1:2:3:4:5:6", "Samsung Internet on Android", ago(days=3), ago(hours=5), current=False
        ),
        SessionRow(id_of("s3"), "", "", ago(days=6), ago(hours=11), current=False),
    ]


def failures() -> list[Failure]:
    many = "It has 5,214 parts; at most 1,000 are read."
    return [
        Failure(id_of("f1"), "billing@haddad-logistics.example", "support@acme.localhost", many, ago(hours=2)),
        Failure(id_of("f2"), "", "support@acme.localhost", "Its header cannot be read.", ago(days=2)),
    ]


def hostile() -> tuple[Ticket, list[Message], list[Event], list[TicketRow]]:
    """The same payload in everything that somebody outside can choose."""
    who = Party(id_of("x"), HOSTILE, f"{HOSTILE}@x.example")
    file = FileRow(id_of("file"), HOSTILE, HOSTILE, 12)
    said = message(
        "x1",
        author=HOSTILE,
        email=who.email,
        text=HOSTILE * 2,
        visible_end=len(HOSTILE),
        delivery="failed",
        delivery_error=HOSTILE,
        files=[file],
    )
    change = Event(id_of("ex"), HOSTILE, HOSTILE, {HOSTILE: HOSTILE}, {HOSTILE: HOSTILE}, NOW)
    tags = Event(id_of("et"), "tags", HOSTILE, {"tags": []}, {"tags": [HOSTILE]}, NOW)
    row = TicketRow(4821, HOSTILE, HOSTILE, "open", "high", [HOSTILE], "mail", HOSTILE, HOSTILE, NOW, NOW)
    asked = ticket(subject=HOSTILE, requester=who, tags=[HOSTILE], others=[Other(1, HOSTILE, "open")])
    return asked, [said], [change, tags], [row]
