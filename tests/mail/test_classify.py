import pytest

from seldesk.mail.classify import Class, answerable, classify
from seldesk.mail.parse import Mail
from tests.mail.letters import read

DOMAINS = ("acme.desk.example",)
OURS = f"<seldesk.{'a' * 77}@acme.desk.example>"


def kind(mail: Mail) -> Class:
    return classify(mail, DOMAINS, ("support@acme.desk.example",)).kind


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("Auto-Submitted: no",),
        ("Auto-Submitted: no", "Precedence: bulk", "X-Autoreply: yes"),
        ("X-Autoreply: no",),
        ("X-Auto-Response-Suppress: DR, RN, NRN",),
        ("X-Auto-Response-Suppress: OOF",),
        ("List-Id: <friends.acme.example>", "List-Unsubscribe: <mailto:x@acme.example>"),
        (
            "List-Id: <friends.acme.example>",
            "List-Unsubscribe: <mailto:x@acme.example>",
            "List-Post: <mailto:friends@acme.example>",
            "Precedence: list",
        ),
        ("Precedence: first-class",),
        ("Subject: Re: Automatic reply: Printer",),
        ("Message-ID: <ABC123@acme.desk.example>",),
        ("X-Loop: globex.desk.example",),
        ("X-Seldesk-Class: auto_reply",),
    ],
)
def test_a_person_is_a_person(fields: tuple[str, ...]) -> None:
    assert kind(read(*fields)) is Class.PERSON


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (rejected)",
        "Auto-Submitted: AUTO-NOTIFIED; owner-email=x",
        "Precedence: auto_reply",
        "Precedence: junk",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: OOF, ALL",
        "X-Autoreply: yes",
        "X-Autorespond: Printer",
        "X-Autoresponder: 1",
        "X-Mail-Autoreply: yes",
        "X-FC-MachineGenerated: true",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
        "Return-Path: <>",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=edge",
        "Subject: Automatic reply: Printer",
        "Subject: =?utf-8?q?R=C3=A9ponse_automatique=C2=A0=3A_Imprimante?=",
        "Subject: Abwesenheitsnotiz: Drucker",
        "Subject: =?utf-8?b?6Ieq5YuV6L+U5L+h?=: x",
    ],
)
def test_a_machine_is_a_machine(field: str) -> None:
    verdict = classify(read(field), DOMAINS)
    assert verdict.kind is Class.AUTO_REPLY
    assert verdict.reason


@pytest.mark.parametrize(
    "fields",
    [
        ("List-Id: <news.x.example>", "List-Unsubscribe: <https://x.example/u>", "Precedence: bulk"),
        ("List-Unsubscribe: <https://x.example/u>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
        ("List-Unsubscribe: <https://x.example/u>", "Feedback-ID: 1:2:3:x"),
        ("List-Post: NO", "List-Unsubscribe: <https://x.example/u>", "Precedence: list"),
        ("Precedence: bulk",),
        ("Precedence: list",),
    ],
)
def test_a_newsletter_is_a_list(fields: tuple[str, ...]) -> None:
    assert kind(read(*fields)) is Class.LIST


def test_what_a_mail_server_writes_is_never_a_request() -> None:
    assert kind(read("Subject: x", sender="Mail <MAILER-DAEMON@mx.example>")) is Class.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office does not work",
        "Automatic reply is not sent",
        "Abwesenheitsnotiz einrichten",
        "Auto: windscreen broken",
        "Re: Out of office: Printer",
    ],
)
def test_whoever_writes_about_automatic_answers_is_a_person(subject: str) -> None:
    assert kind(read(f"Subject: {subject}")) is Class.PERSON


@pytest.mark.parametrize("subject", ["Out of office", "Out of Office AutoReply: Printer", "Automatische Antwort : x"])
def test_a_subject_that_a_machine_writes_tells_it(subject: str) -> None:
    assert kind(read(f"Subject: {subject}")) is Class.AUTO_REPLY


def test_our_own_mail_is_a_loop() -> None:
    assert kind(read(f"Message-ID: {OURS}")) is Class.LOOP
    assert kind(read(f"Message-ID: {OURS.upper()}")) is Class.LOOP
    assert kind(read("X-Loop: Acme.Desk.example")) is Class.LOOP
    assert kind(read(sender="Acme <Support@acme.desk.example>")) is Class.LOOP
    assert kind(read("X-Loop: acme.desk.example", "Auto-Submitted: no")) is Class.LOOP


def test_mail_of_the_customer_next_door_is_a_persons() -> None:
    assert kind(read(f"Message-ID: {OURS.replace('acme', 'globex')}")) is Class.PERSON


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        (("Auto-Submitted: auto-replied",), "cleo@acme.example"),
        (("Return-Path: <>", "Auto-Submitted: no"), "cleo@acme.example"),
        (("Precedence: list", "List-Post: <mailto:x@y.example>"), "cleo@acme.example"),
        (("List-Id: <x.y.example>",), "cleo@acme.example"),
        (("X-Auto-Response-Suppress: OOF",), "cleo@acme.example"),
        (("X-Auto-Response-Suppress: DR, AutoReply",), "cleo@acme.example"),
        ((), "no-reply@acme.example"),
        ((), "DoNotReply+x@acme.example"),
        ((), "noreply@acme.example"),
        ((), "postmaster@acme.example"),
        ((), "MAILER-DAEMON@acme.example"),
        ((), None),
    ],
)
def test_some_are_not_answered_by_a_machine(fields: tuple[str, ...], sender: str | None) -> None:
    mail = read(*fields, sender=sender)
    assert not answerable(mail, classify(mail, DOMAINS))


@pytest.mark.parametrize("sender", ["cleo@acme.example", "norah@acme.example", "bouncer.fan@acme.example"])
def test_people_are_answered(sender: str) -> None:
    mail = read("X-Auto-Response-Suppress: DR, NRN", sender=sender)
    assert answerable(mail, classify(mail, DOMAINS))
