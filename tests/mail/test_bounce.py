import base64

import pytest

from seldesk.mail.classify import Class, classify
from seldesk.mail.parse import Mail, parse
from tests.mail.letters import letter, part, parted, read

OURS = "<seldesk.abc@acme.desk.example>"


def report(*blocks: str, original: bytes | None = None, kind: str = "message/rfc822") -> Mail:
    status = "Reporting-MTA: dns; mx.example\r\n\r\n" + "\r\n\r\n".join(blocks) + "\r\n"
    returned = original if original is not None else letter(f"Message-ID: {OURS}", "Subject: Printer")
    return parse(
        parted(
            "report",
            part("text/plain", "It could not be delivered."),
            part("message/delivery-status", status),
            part(kind, returned),
            fields=("Return-Path: <>", "Auto-Submitted: auto-replied", "Subject: Undelivered Mail"),
            parameters="; report-type=delivery-status",
        )
    )


def block(action: str, status: str, recipient: str = "cleo@acme.example") -> str:
    return (
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <cleo@acme.example>:\r\n no such user"
    )


@pytest.mark.parametrize(
    ("blocks", "kind"),
    [
        ([block("failed", "5.1.1")], Class.BOUNCE_PERMANENT),
        ([block("Failed", "5.2.2 (mailbox full)")], Class.BOUNCE_PERMANENT),
        ([block("delayed", "4.4.1")], Class.BOUNCE_TEMPORARY),
        ([block("failed", "4.4.7")], Class.BOUNCE_TEMPORARY),
        ([block("delayed", "4.4.1"), block("failed", "5.1.1", "bo@acme.example")], Class.BOUNCE_PERMANENT),
        ([block("delivered", "2.0.0"), block("failed", "5.1.1", "bo@acme.example")], Class.BOUNCE_PERMANENT),
        ([block("delivered", "2.0.0")], Class.AUTO_REPLY),
        ([block("relayed", "2.0.0"), block("expanded", "2.0.0")], Class.AUTO_REPLY),
        (["Final-Recipient: rfc822; x@y.example\r\nStatus: 5.0.0"], Class.BOUNCE_PERMANENT),
    ],
)
def test_a_report_says_whether_it_is_for_good(blocks: list[str], kind: Class) -> None:
    assert classify(report(*blocks), ("acme.desk.example",)).kind is kind


def test_a_report_names_the_recipient_the_reason_and_our_mail() -> None:
    bounce = classify(report(block("failed", "5.1.1")), ()).bounce
    assert bounce is not None
    assert bounce.message_id == OURS
    assert bounce.permanent
    assert bounce.reason == "550 5.1.1 <cleo@acme.example>: no such user"
    (recipient,) = bounce.recipients
    assert (recipient.address, recipient.action, recipient.status) == ("cleo@acme.example", "failed", "5.1.1")


def test_headers_alone_name_our_mail_as_well() -> None:
    headers = f"Subject: Printer\r\nMessage-Id:\r\n {OURS}\r\n".encode()
    bounce = classify(report(block("failed", "5.1.1"), original=headers, kind="text/rfc822-headers"), ()).bounce
    assert bounce is not None
    assert bounce.message_id == OURS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<cleo@acme.example>:\n192.0.2.1 failed after I sent the message.\n550 5.1.1 no such user\n", True),
        ("<cleo@acme.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n", True),
        ("A message could not be delivered.\n  <cleo@acme.example>\n    SMTP error: 554 rejected\n", True),
        ("<cleo@acme.example>:\nconnection timed out (#4.4.1)\nI'll keep trying.\n", False),
        ("<cleo@acme.example>\nno reason was given\n", False),
    ],
)
def test_reports_without_a_standard_are_read(text: str, kind: bool) -> None:
    mail = read(
        "Return-Path: <>",
        "Subject: failure notice",
        body=f"Hi. This is the mail program.\n\n{text}\n--- Below is a copy.\n\nMessage-ID: {OURS}\nSubject: x\n",
        sender="MAILER-DAEMON@mx.example",
    )
    verdict = classify(mail, ())
    assert verdict.kind is (Class.BOUNCE_PERMANENT if kind else Class.BOUNCE_TEMPORARY)
    assert verdict.bounce is not None
    assert verdict.bounce.message_id == OURS
    assert [recipient.address for recipient in verdict.bounce.recipients] == ["cleo@acme.example"]


def test_failed_recipients_in_a_header_are_read() -> None:
    mail = read(
        "X-Failed-Recipients: cleo@acme.example, bo@acme.example",
        "Subject: Mail delivery failed: returning message to sender",
        body="550 no such user here\n",
        sender="Mailer-Daemon@mx.example",
    )
    bounce = classify(mail, ()).bounce
    assert bounce is not None
    assert [recipient.address for recipient in bounce.recipients] == ["cleo@acme.example", "bo@acme.example"]


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        (("Subject: Undelivered parcel",), "cleo@acme.example"),
        (("Subject: Your order",), "postmaster@shop.example"),
        (("Subject: failure notice on the printer", "X-Failed-Recipients: x@y.example"), "cleo@acme.example"),
    ],
)
def test_a_person_who_writes_of_failures_is_no_bounce(fields: tuple[str, ...], sender: str) -> None:
    assert classify(read(*fields, sender=sender), ()).kind is Class.PERSON


def test_a_report_that_a_person_attaches_is_no_bounce() -> None:
    inner = part("message/delivery-status", "Reporting-MTA: x\r\n\r\n" + block("failed", "5.1.1") + "\r\n")
    mail = parse(parted("mixed", part("text/plain", "What does this mean?"), inner))
    assert classify(mail, ()).kind is Class.PERSON


@pytest.mark.parametrize("status", ["", "\r\n\r\n\r\n", "x", "Action\r\nStatus", "Action: failed\r\n" * 3000])
def test_a_broken_report_is_automatic_all_the_same(status: str) -> None:
    assert classify(report(status), ()).kind is not Class.PERSON


@pytest.mark.parametrize("kind", ["message/global", "message/global-headers", "message/rfc822-headers"])
def test_reports_on_international_mail_name_our_mail(kind: str) -> None:
    bounce = classify(report(block("failed", "5.1.1"), kind=kind), ()).bounce
    assert bounce is not None
    assert bounce.message_id == OURS


def test_what_a_report_answers_is_the_mail_when_nothing_else_tells() -> None:
    mail = read(
        f"In-Reply-To: {OURS}",
        "X-Failed-Recipients: cleo@acme.example",
        "Subject: Delivery Status Notification (Failure)",
        body="Address not found. 550 5.1.1\n",
        sender="mailer-daemon@mx.example",
    )
    bounce = classify(mail, ()).bounce
    assert bounce is not None
    assert (bounce.message_id, bounce.permanent) == (OURS, True)


def test_the_reason_is_that_of_the_recipient_who_is_lost() -> None:
    late = "Final-Recipient: rfc822; bo@acme.example\r\nAction: delayed\r\nDiagnostic-Code: smtp; 451 later"
    bounce = classify(report(late, block("failed", "5.1.1")), ()).bounce
    assert bounce is not None
    assert bounce.reason.startswith("550 5.1.1")


def test_a_warning_in_free_words_is_temporary() -> None:
    mail = read(
        "Subject: Warning: could not send message for past 4 hours",
        body="451 4.7.1 try again later\n",
        sender="MAILER-DAEMON@mx.example",
    )
    assert classify(mail, ()).kind is Class.BOUNCE_TEMPORARY


def test_an_encoded_report_is_read() -> None:
    status = base64.b64encode(f"Reporting-MTA: dns; mx.example\r\n\r\n{block('failed', '5.1.1')}\r\n".encode())
    encoded = part("message/delivery-status", status, "Content-Transfer-Encoding: base64")
    mail = parse(parted("report", part("text/plain", "x"), encoded, parameters="; report-type=delivery-status"))
    assert classify(mail, ()).kind is Class.BOUNCE_PERMANENT
