"""The demo's content: believable, whole, and in nobody's name."""

import re
import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from struct import unpack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seldesk.demo.documents import Document
from seldesk.demo.mails import envelope_sender, mail_bytes
from seldesk.demo.rhythm import CLOSES, OPENS, WEEKS
from seldesk.demo.stories import customers
from seldesk.demo.story import Change, Customer, Mail, Reply, Requester, Story, flowing, mail, reply, story

NOW = datetime(2026, 9, 16, 13, 20, tzinfo=UTC)
CUSTOMERS = customers(NOW)
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
LINK = re.compile(r"https?://([\w.-]+)")
COMPANIES = re.compile(
    r"\b(Microsoft|Windows|Outlook|Excel|Sharepoint|Google|Gmail|Android|Apple|iPhone|Amazon|DHL|UPS|FedEx|GLS"
    r"|DPD|Hermes|Canon|Epson|Xerox|Ricoh|Kyocera|Lexmark|Brother|Dropbox|Slack|Zoom|PayPal|Visa|Mastercard|SAP"
    r"|Oracle|Adobe|Photoshop|Facebook|WhatsApp|Zendesk|Docker|Lenovo|Samsung|Moleskine|Lamy|Pelikan)\b"
)
by_customer = pytest.mark.parametrize("customer", CUSTOMERS, ids=lambda customer: customer.slug)


def every_mail() -> list[tuple[Customer, Story, Mail, datetime]]:
    return [
        (customer, told, step, at)
        for customer in CUSTOMERS
        for told in (*customer.tickets, *customer.strays)
        for step, at in zip(told.steps, told.times(NOW), strict=True)
        if isinstance(step, Mail)
    ]


def raw(customer: Customer, told: Story, step: Mail, at: datetime) -> bytes:
    return mail_bytes(
        told,
        step,
        mailbox=f"{customer.mailbox}@{customer.slug}.localhost",
        desk=customer.name,
        at=at,
        message_id="<one@example>",
        references=() if step is told.steps[0] else ("<zero@example>",),
    )


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def documents() -> list[tuple[Document, datetime]]:
    return [
        (document, at)
        for customer in CUSTOMERS
        for told in customer.tickets
        for step, at in zip(told.steps, told.times(NOW), strict=True)
        for document in (getattr(step, "files", ()) + getattr(step, "inline", ()))
    ]


@by_customer
def test_each_customer_has_an_owner_agents_and_enough_tickets(customer: Customer) -> None:
    assert Counter(worker.role for worker in customer.people)["owner"] == 1
    assert 3 <= len(customer.people) <= 4
    assert len(customer.tickets) >= 66
    assert len({told.requester for told in customer.tickets}) >= 25


@by_customer
def test_statuses_are_a_believable_mix(customer: Customer) -> None:
    count = Counter(told.status for told in customer.tickets)
    assert 3 <= count["new"] <= 9
    assert count["open"] >= 4
    assert count["waiting"] >= 8
    assert count["solved"] >= 30
    assert 2 <= count["closed"] <= 9
    changes = [step for told in customer.tickets for step in told.steps if isinstance(step, Change)]
    assert 0 <= sum(step.priority == "urgent" for step in changes) <= 5


@by_customer
def test_what_nobody_has_touched_is_new_and_recent(customer: Customer) -> None:
    waiting = [told for told in customer.tickets if told.status == "new"]
    assert min(told.starts for told in waiting) < timedelta(minutes=30)
    assert all(told.starts < timedelta(days=2) for told in waiting)


def test_many_languages_are_written() -> None:
    count = Counter(told.requester.language for customer in CUSTOMERS for told in customer.tickets)
    assert set(count) == {"en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "tr", "ja"}
    assert count["en"] > sum(count.values()) / 2


@by_customer
def test_threads_are_of_all_lengths(customer: Customer) -> None:
    lengths = Counter(sum(not isinstance(step, Change) for step in told.steps) for told in customer.tickets)
    assert {1, 2, 3, 4} <= set(lengths)
    assert max(lengths) <= 8


@by_customer
def test_steps_are_by_the_customers_own_people(customer: Customer) -> None:
    own = {worker.email for worker in customer.people}
    for told in customer.tickets:
        assert told.opened_by in {"", *own}
        for step in told.steps:
            assert isinstance(step, Mail) or step.by in own
            if isinstance(step, Change):
                assert step.assignee is ... or step.assignee is None or step.assignee in own
                assert all(re.fullmatch(r"[^\s,]{1,50}", tag) for tag in step.tags or ())


def test_no_two_tickets_share_a_subject_or_a_text() -> None:
    subjects = Counter(told.subject for customer in CUSTOMERS for told in customer.tickets)
    assert [subject for subject, count in subjects.items() if count > 1] == []
    texts: Counter[str] = Counter()
    for customer in CUSTOMERS:
        for told in (*customer.tickets, *customer.strays):
            texts.update({step.text for step in told.steps if not isinstance(step, Change)})
    assert [text for text, count in texts.items() if count > 1] == []


def test_every_text_and_subject_fits_its_field() -> None:
    for customer in CUSTOMERS:
        for told in customer.tickets:
            assert 0 < len(told.subject) <= 255
            assert all(step.text for step in told.steps if not isinstance(step, Change))


def test_addresses_and_links_are_in_reserved_domains() -> None:
    for customer in CUSTOMERS:
        assert all(worker.email.endswith(".example") for worker in customer.people)
        for told in (*customer.tickets, *customer.strays):
            senders = [step.sender or told.requester for step in told.steps if isinstance(step, Mail)]
            assert all(re.fullmatch(r"[\w.+-]+@[\w.-]+\.example", sender.email, re.ASCII) for sender in senders)
            for text in _texts(told):
                assert all(address.endswith(".example") for address in ADDRESS.findall(text)), text
                assert all(host.rstrip(".").endswith(".example") for host in LINK.findall(text)), text


def test_no_real_company_is_named() -> None:
    for customer in CUSTOMERS:
        for told in (*customer.tickets, *customer.strays):
            for text in (told.subject, *_texts(told)):
                assert not COMPANIES.search(text), text


def _texts(told: Story) -> list[str]:
    return [part for step in told.steps for part in (getattr(step, "text", ""), getattr(step, "html", None)) if part]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 5 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)))
def test_everything_happens_in_order_within_five_weeks_whenever_it_is_shown(now: datetime) -> None:
    for customer in customers(now):
        for told in (*customer.tickets, *customer.strays):
            times = told.times(now)
            assert now - WEEKS <= times[0]
            assert times == sorted(times)
            assert times[-1] < now
        assert any(now - told.times(now)[0] < timedelta(minutes=30) for told in customer.tickets)


def test_people_write_mostly_on_weekdays_and_agents_only_at_work() -> None:
    openings = [told.times(NOW)[0] for customer in CUSTOMERS for told in customer.tickets]
    assert sum(at.weekday() < 5 for at in openings) > 0.8 * len(openings)
    for customer in CUSTOMERS:
        for told in customer.tickets:
            for step, at in zip(told.steps, told.times(NOW), strict=True):
                if not isinstance(step, Mail):
                    assert at.weekday() < 5
                    assert OPENS <= at.hour < CLOSES


def test_the_same_moment_gives_the_same_content() -> None:
    assert customers(NOW) == CUSTOMERS
    for customer, told, step, at in every_mail()[::9]:
        assert raw(customer, told, step, at) == raw(customer, told, step, at)


@by_customer
def test_many_tickets_carry_files(customer: Customer) -> None:
    with_files = [told for told in customer.tickets if any(getattr(step, "files", ()) for step in told.steps)]
    assert len(with_files) >= 20
    assert any(step.inline for told in customer.tickets for step in told.steps if isinstance(step, Mail))


def test_files_are_of_many_types() -> None:
    types = {document.type for document, _ in documents()}
    assert types == {"application/pdf", "image/png", "text/csv", "text/plain", "text/calendar"}


def test_pdfs_are_well_formed() -> None:
    for content in (document.content(at) for document, at in documents() if document.type == "application/pdf"):
        assert content.startswith(b"%PDF-1.4\n")
        assert content.endswith(b"%%EOF\n")
        start = int(content.split()[-2])
        assert content[start:].startswith(b"xref\n")
        for number, entry in enumerate(re.findall(rb"(\d{10}) 00000 n \n", content[start:]), start=1):
            assert content[int(entry) :].startswith(b"%d 0 obj\n" % number)
        for length, stream in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", content, re.DOTALL):
            assert int(length) == len(stream)


def test_a_calendar_entry_lies_ahead_and_on_its_weekday() -> None:
    for document, at in documents():
        if document.type == "text/calendar":
            lines = dict(line.split(":", 1) for line in document.content(at).decode().splitlines())
            begin = datetime.strptime(lines["DTSTART"], "%Y%m%dT%H%M%S%z")
            assert begin > at
            assert begin.weekday() < 5


def test_pngs_are_well_formed() -> None:
    for content in (document.content(at) for document, at in documents() if document.type == "image/png"):
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        chunks, at = {}, 8
        while at < len(content):
            (length,) = unpack(">I", content[at : at + 4])
            kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
            assert unpack(">I", content[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + data)
            chunks[kind], at = data, at + 12 + length
        width, height = unpack(">II", chunks[b"IHDR"][:8])
        assert len(zlib.decompress(chunks[b"IDAT"])) == height * (1 + 3 * width)
        assert len(content) < 60_000


def test_mails_are_read_by_the_standard_library_without_a_defect() -> None:
    for customer, told, step, at in every_mail():
        message = read(raw(customer, told, step, at))
        assert [part.defects for part in message.walk() if part.defects] == []
        sender = step.sender or told.requester
        assert message["From"].addresses[0].addr_spec == sender.email
        assert message["From"].addresses[0].display_name == sender.name
        assert message["Date"].datetime == at.replace(microsecond=0)
        body = message.get_body(("plain",))
        assert body is not None
        assert body.get_content().replace("\r\n", "\n").startswith(step.text)
        attached = [part.get_filename() for part in message.iter_attachments() if part.get_filename()]
        assert attached == [document.name for document in step.files]
        if step.html:
            page = message.get_body(("html",))
            assert page is not None
            shown = {part["Content-ID"].strip("<>") for part in message.walk() if part["Content-ID"]}
            assert set(re.findall(r'src="cid:([^"]+)"', page.get_content())) == shown


def test_an_attached_file_arrives_as_it_was_made() -> None:
    customer, told, step, at = next(one for one in every_mail() if one[2].files and one[2].files[0].type != "text/csv")
    message = read(raw(customer, told, step, at))
    (part, *_) = list(message.iter_attachments())
    assert part.get_payload(decode=True) == step.files[0].content(at)


def test_a_bounce_is_a_delivery_report_from_nobody() -> None:
    customer, told, step, at = next(one for one in every_mail() if one[2].bounced)
    message = read(raw(customer, told, step, at))
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "delivery-status"
    assert any(part.get_content_type() == "message/delivery-status" for part in message.walk())
    assert step.bounced in message.as_string()
    assert envelope_sender(told, step) == ""


def test_an_answer_quotes_the_last_reply_in_the_writers_language() -> None:
    told = story(
        Requester("Heike", "heike@kanzlei.example", "de"),
        "Papier",
        mail("Kein Papier."),
        reply("ann@acme.example", 1, "Nehmen Sie\nFach 2."),
        mail("Danke!", 2, quoting=True),
    )
    last = told.steps[-1]
    assert isinstance(last, Mail)
    content = mail_bytes(
        told,
        last,
        mailbox="support@acme.localhost",
        desk="Acme Support",
        at=NOW,
        message_id="<one@example>",
        references=("<zero@example>", "<half@example>"),
        number=7,
    )
    message = read(content)
    assert message["Subject"] == "AW: [#7] Papier"
    assert message["In-Reply-To"] == "<half@example>"
    assert message["References"] == "<zero@example> <half@example>"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == [
        "Danke!",
        "",
        "Am 16.09.2026 um 11:20 schrieb Acme Support <support@acme.localhost>:",
        "> Nehmen Sie",
        "> Fach 2.",
    ]


def test_what_opens_no_ticket_is_automatic() -> None:
    for customer in CUSTOMERS:
        assert len(customer.strays) == 2
        assert all(told.opening.automatic for told in customer.strays)
        assert not any(told.opening.automatic for told in customer.tickets)


def test_an_automatic_mail_does_not_wake_a_solved_ticket() -> None:
    cleo = Requester("Cleo", "cleo@clinic.example")
    answered = mail("Help"), reply("ann@acme.example", 1, "Done", "solved")
    assert story(cleo, "A", *answered).status == "solved"
    assert story(cleo, "A", *answered, mail("Thanks", 1)).status == "open"
    away = mail("I am away", 1, headers={"Auto-Submitted": "auto-replied"})
    assert story(cleo, "A", *answered, away).status == "solved"


def test_replies_exist_with_every_kind_of_end() -> None:
    ends = {
        step.status
        for customer in CUSTOMERS
        for told in customer.tickets
        for step in told.steps
        if isinstance(step, Reply)
    }
    assert {"waiting", "solved", "open"} <= ends


def test_a_long_source_line_runs_on_and_a_short_one_ends() -> None:
    long = "word " * 16 + "word"
    assert flowing(f"\n    {long}\n    end\n    short\n    line\n") == f"{long} end\nshort\nline"
    assert flowing(f"{long}\n\nnext") == f"{long}\n\nnext"
    assert flowing(f"- {long}\n  end") == f"- {long} end"
    assert flowing(f"{long}\n- item") == f"{long}\n- item"
