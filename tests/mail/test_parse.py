import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seldesk.mail.parse import SEVERAL_AUTHORS, Limits, Mail, Mailbox, Unreadable, parse
from tests.mail.letters import letter, part, parted, read


def storable(mail: Mail) -> bool:
    """Every string can go into PostgreSQL and into JSON."""
    strings: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            strings.append(value)
        elif isinstance(value, dict):
            for one in value.values():
                walk(one)
        elif isinstance(value, list | tuple):
            for one in value:
                walk(one)

    walk(asdict(mail))
    return all("\0" not in text and json.loads(json.dumps(text)).encode() is not None for text in strings)


def test_a_plain_mail_is_read() -> None:
    mail = read(
        "To: Acme <support@acme.example>",
        "Cc: bo@acme.example",
        "Reply-To: Cleo <cleo@home.example>",
        "Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=",
        "Date: Mon, 2 Mar 2026 10:00:00 +0100",
        "Message-ID: <1@acme.example>",
        "In-Reply-To: <0@acme.example>",
        "References: <a@acme.example>\r\n <0@acme.example>",
        "Delivered-To: support+t7.x@acme.example",
        "X-Original-To: support@acme.example",
        body="Hello,\r\nit is broken.\r\n",
    )
    assert mail == Mail(
        message_id="<1@acme.example>",
        in_reply_to=("<0@acme.example>",),
        references=("<a@acme.example>", "<0@acme.example>"),
        subject="Größe",
        sender=Mailbox("Cleo Klein", "cleo@acme.example"),
        reply_to=(Mailbox("Cleo", "cleo@home.example"),),
        to=(Mailbox("Acme", "support@acme.example"),),
        cc=(Mailbox("", "bo@acme.example"),),
        delivered_to=("support+t7.x@acme.example", "support@acme.example"),
        date=datetime(2026, 3, 2, 9, tzinfo=UTC),
        text="Hello,\nit is broken.",
        visible_end=20,
        html=None,
        files=(),
        headers=(),
        problems=(),
    )


def test_both_forms_of_a_body_are_kept_and_the_text_is_shown() -> None:
    mail = parse(parted("alternative", part("text/plain", "plain"), part("text/html", "<p>rich</p>")))
    assert (mail.text, mail.html) == ("plain", "<p>rich</p>")


def test_html_alone_becomes_text() -> None:
    mail = read("Content-Type: text/html", body="<p>Dear Ann,</p><p>it <b>is</b> broken.</p>")
    assert mail.text == "Dear Ann,\n\nit is broken."
    assert mail.html == "<p>Dear Ann,</p><p>it <b>is</b> broken.</p>"


def test_an_empty_text_beside_html_does_not_count() -> None:
    mail = parse(parted("alternative", part("text/plain", " \r\n"), part("text/html", "<p>rich</p>")))
    assert mail.text == "rich"


def test_a_footer_does_not_hide_the_html_above_it() -> None:
    mail = parse(parted("mixed", part("text/html", "<p>rich</p>"), part("text/plain", "list <footer>")))
    assert mail.text == "rich\n\nlist <footer>"
    assert mail.html == "<p>rich</p>\n<pre>list &lt;footer&gt;</pre>"


def test_html_around_a_picture_stays_in_order() -> None:
    mail = parse(
        parted(
            "mixed",
            part("text/html", "<p>one</p>"),
            part("image/png", "x", "Content-Disposition: inline; filename=a.png"),
            part("text/html", "<p>two</p>"),
        )
    )
    assert mail.text == "one\n\ntwo"
    assert [file.name for file in mail.files] == ["a.png"]


def test_the_charset_of_a_page_is_its_own_when_the_part_has_none() -> None:
    page = '<meta charset="windows-1251"><p>Привет</p>'.encode("cp1251")
    assert read("Content-Type: text/html", body=page).text == "Привет"


def test_an_unknown_charset_is_noted() -> None:
    mail = read("Content-Type: text/plain; charset=x-foo", body="Größe".encode("latin-1"))
    assert mail.text == "Größe"
    assert "unknown charset x-foo, guessed" in mail.problems


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("base64", "R3LDtsOfZQ=="),
        ("BASE64 ;", "R3LDtsOfZQ=="),
        ('"base64"', "R3LDtsOfZQ"),
        ("base64", "R3LD!tsOfZQ=="),
        ("quoted-printable", "Gr=C3=B6=C3=\r\n=9Fe"),
        ("Quoted-Printable", "Gr=C3=B6=C3=9Fe"),
        ("8bit", "Größe"),
        ("8bits", "Größe"),
        ("7-bit", "Größe"),
        ("spam", "Größe"),
        ("", "Größe"),
    ],
)
def test_a_transfer_encoding_is_undone(encoding: str, body: str) -> None:
    mail = read("Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {encoding}", body=body)
    assert mail.text.strip() == "Größe"


def test_a_file_is_read_with_its_name() -> None:
    mail = parse(
        parted(
            "mixed",
            part("text/plain", "see below"),
            part(
                "application/pdf",
                "JVBERi0=",
                "Content-Transfer-Encoding: base64",
                "Content-Disposition: attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe%2F..%2F.htaccess.pdf",
            ),
            part("text/plain; name=log.txt", "a log"),
            part("text/html", "<p>a page</p>", "Content-Disposition: attachment; filename=page.html"),
        )
    )
    assert mail.text == "see below"
    assert mail.html is None
    assert [(file.name, file.type, file.content) for file in mail.files] == [
        ("htaccess.pdf", "application/pdf", b"%PDF-"),
        ("log.txt", "text/plain", b"a log"),
        ("page.html", "text/html", b"<p>a page</p>"),
    ]


@pytest.mark.parametrize(
    ("kind", "name", "safe"),
    [
        ("text/calendar; method=REQUEST", "invitation.ics", "text/calendar"),
        ("application/ms-tnef", "winmail.dat", "application/ms-tnef"),
        ("image/svg+xml", "image.svg", "image/svg+xml"),
        ("text/xml", "text.txt", "text/xml"),
        ("application/x" + "y" * 300, "file.bin", "application/octet-stream"),
        ("application/octet stream", "file.bin", "application/octet-stream"),
        ("text/enriched", "text.txt", "text/enriched"),
    ],
)
@pytest.mark.flaw("RT CVE-2022-25802")
def test_what_is_no_text_is_a_file(kind: str, name: str, safe: str) -> None:
    mail = parse(parted("mixed", part("text/plain", "see below"), part(kind, "x")))
    assert mail.text == "see below"
    assert [(file.name, file.type) for file in mail.files] == [(name, safe)]


def test_an_invitation_among_the_forms_of_a_body_is_a_file() -> None:
    mail = parse(parted("alternative", part("text/plain", "Come"), part("text/calendar; method=REQUEST", "BEGIN:")))
    assert mail.text == "Come"
    assert [file.name for file in mail.files] == ["invitation.ics"]


def test_winmail_is_noted() -> None:
    mail = parse(parted("mixed", part("text/plain", "x"), part("application/ms-tnef; name=winmail.dat", "y")))
    assert mail.problems == ("a winmail.dat, kept as a file",)


def test_a_picture_that_the_page_shows_is_inline() -> None:
    mail = parse(
        parted(
            "related",
            part("text/html", '<img src="cid:logo%40acme">'),
            part("image/png", "x", "Content-ID: <logo@acme>", "Content-Disposition: inline; filename=logo.png"),
            part(
                "image/png",
                "y",
                "Content-ID: <other@acme>",
                "Content-Disposition: inline; filename=other.png",
            ),
        )
    )
    assert [(file.name, file.content_id, file.inline) for file in mail.files] == [
        ("logo.png", "logo@acme", True),
        ("other.png", "other@acme", False),
    ]


def test_a_mail_in_a_mail_is_a_file_and_its_words_stay_in_it() -> None:
    inner = letter("Subject: Inner / =?utf-8?q?Gr=C3=B6=C3=9Fe?=", body="secret\r\n", sender="Bo <bo@acme.example>")
    mail = parse(parted("mixed", part("text/plain", "see below"), part("message/rfc822", inner)))
    assert mail.text == "see below"
    (file,) = mail.files
    assert (file.name, file.type) == ("Größe.eml", "message/rfc822")
    assert parse(file.content).text == "secret"
    assert mail.sender == Mailbox("Cleo Klein", "cleo@acme.example")


def test_the_first_of_two_authors_is_taken_and_it_is_noted() -> None:
    for mail in (read("From: Bo <bo@acme.example>"), read(sender="cleo@acme.example, bo@acme.example")):
        assert mail.sender is not None
        assert mail.sender.address == "cleo@acme.example"
        assert mail.problems[0] == SEVERAL_AUTHORS


def test_a_flood_of_problems_does_not_hide_the_second_author() -> None:
    odd = ", ".join(f"<y{number}>" for number in range(100))
    mail = read("From: bo@acme.example", f"From: {odd}", "To: " + ", ".join(f"<x{number}>" for number in range(100)))
    assert mail.problems[0] == SEVERAL_AUTHORS
    assert len(mail.problems) == 20


def test_without_an_author_the_sender_counts() -> None:
    mail = read("Sender: Bo <bo@acme.example>", sender=None)
    assert mail.sender == Mailbox("Bo", "bo@acme.example")
    assert mail.problems == ("no readable From",)


@pytest.mark.parametrize("body", ["", "\r\n", "   "])
def test_a_mail_may_have_no_body(body: str) -> None:
    mail = read("Subject: just this", body=body)
    assert mail.text.strip() == ""
    assert mail.subject == "just this"


def test_parts_without_their_boundary_are_text() -> None:
    for parameters in ("", "; boundary=other"):
        mail = read(f"Content-Type: multipart/mixed{parameters}", body="--edge\r\n\r\nHello\r\n--edge--\r\n")
        assert "Hello" in mail.text
        assert mail.problems == ("parts without their boundary",)


def test_a_last_part_without_its_end_is_read() -> None:
    raw = parted("mixed", part("text/plain", "one"), part("text/plain", "two")).replace(b"--edge--\r\n", b"")
    assert parse(raw).text == "one\n\ntwo"


@pytest.mark.flaw("RT CVE-2012-4730")
@pytest.mark.asvs("V1.3.11")
def test_what_is_smuggled_into_a_header_stays_text() -> None:
    mail = read(
        "Subject: =?utf-8?q?Hi=0D=0ABcc=3A_eve=40evil.example=00?=",
        b"To: =?utf-8?q?Ann=0D=0ABcc:?= <ann@acme.example>",
    )
    assert mail.subject == "Hi Bcc: eve@evil.example"
    assert mail.to == (Mailbox("Ann Bcc:", "ann@acme.example"),)


def test_raw_bytes_in_headers_are_read() -> None:
    mail = read("Subject: Größe ✓".encode(), sender="Jürgen <juergen@acme.example>")
    assert mail.subject == "Größe ✓"
    assert mail.sender == Mailbox("Jürgen", "juergen@acme.example")
    raw = letter("Content-Type: text/plain; charset=koi8-r", "Subject: Привет".encode("koi8-r"))
    assert parse(raw).subject == "Привет"


@pytest.mark.flaw("RT CVE-2023-41259")
def test_headers_of_our_own_do_not_get_in() -> None:
    mail = read("X-Seldesk-Ticket: 7", "X-Seldesk-Agent: ann", "Precedence: bulk", "X-Mailer: y")
    assert mail.headers == (("precedence", "bulk"),)
    assert mail.header("x-seldesk-ticket") is None
    assert mail.header("precedence") == "bulk"


def test_a_subject_is_no_longer_than_its_column() -> None:
    assert len(read(f"Subject: {'x' * 900}").subject) == 255


def test_a_mail_after_empty_lines_or_a_mark_is_read() -> None:
    for before in (b"\r\n\r\n", b"\xef\xbb\xbf", b"From cleo@acme.example Mon Mar  2 10:00:00 2026\r\n"):
        assert parse(before + letter("Subject: Hi")).subject == "Hi"


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b" \t\r\n", b"\0\0\0"])
def test_nothing_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable, match="empty"):
        parse(raw)


def nested(depth: int) -> bytes:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=e%d\r\n\r\n--e%d\r\n" % (level, level) for level in range(depth)
    )
    return b"From: cleo@acme.example\r\n" + head + b"\r\nHello\r\n"


@pytest.mark.parametrize(
    ("raw", "limits", "reason"),
    [
        (letter(body="x" * 3000), Limits(size=2000), "larger than"),
        (letter(body="\n" * 300), Limits(lines=200), "more than 200 lines"),
        (parted("mixed", *[part("text/plain", "x")] * 30), Limits(parts=20), "more than 20 parts"),
        (nested(60), Limits(), "nested more than 50 deep"),
        (nested(600), Limits(), "more than 500 parts"),
    ],
)
def test_beyond_the_limits_a_mail_is_unreadable(raw: bytes, limits: Limits, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse(raw, limits)


def test_within_the_limits_a_mail_is_read() -> None:
    assert parse(nested(50)).text == "Hello"
    assert len(parse(parted("mixed", *[part("image/png", "x")] * 499)).files) == 499


def ticking(step: float) -> Callable[[], float]:
    ticks = count()
    return lambda: next(ticks) * step


def test_a_mail_that_takes_too_long_is_unreadable() -> None:
    parts = [part("text/plain", "x" * 10_000)] * 100
    raw = parted("mixed", *parts)
    assert parse(raw, Limits(cpu=ticking(0.001))).text
    for step in (0.01, 0.02, 0.5, 3.0):  # in the parser, between the parts, at once
        with pytest.raises(Unreadable, match="more than 2 seconds"):
            parse(raw, Limits(cpu=ticking(step)))
    with pytest.raises(Unreadable, match="more than 2 seconds"):  # one part, and the parser alone takes too long
        parse(letter(body="x\r\n" * 300_000), Limits(cpu=ticking(0.1)))


def test_a_hostile_parameter_is_unreadable_and_nothing_worse() -> None:
    with pytest.raises(Unreadable, match="structure"):
        parse(b"Content-Type: multipart/mixed; boundary*=a\0b''x\r\n\r\nHello")


def test_a_very_long_text_is_cut() -> None:
    mail = parse(letter(body="word " * 1000), Limits(text=100))
    assert len(mail.text) == 100
    assert mail.problems == ("a very long text, cut",)


def test_the_quoted_part_of_a_page_is_found() -> None:
    page = '<p>Thanks!</p><div class="gmail_quote">On Monday Ann wrote<blockquote>Try this</blockquote></div>'
    mail = read("Content-Type: text/html", body=page)
    assert mail.text[: mail.visible_end].strip() == "Thanks!"


PIECES = [
    b"From: cleo@acme.example",
    b"Content-Type: multipart/mixed; boundary=e",
    b"Content-Type: text/html; charset=utf-7",
    b"Content-Type: message/rfc822",
    b"Content-Type: message/delivery-status",
    b"Content-Type: multipart/alternative; boundary*0=e; boundary*1=",
    b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: x-uuencode",
    b"Content-Disposition: attachment; filename*=x''%ff%00",
    b"Content-ID: <\xff\x00>",
    b"Subject: =?utf-8?b?/w?= =?utf-8?q?=00=ED=A0=80?=",
    b"Message-ID: \xff",
    b"begin 644 x",
    b"<blockquote>&#0;&#xd800;<table><td>",
    b"--e",
    b"--e--",
    b"",
    b"+2AA-",
    b"\xed\xa0\x80\xff\x00",
]


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=30).map(b"\r\n".join))
@example(b"\r\n".join(PIECES))
def test_any_pieces_of_mails_are_read_or_unreadable(raw: bytes) -> None:
    try:
        mail = parse(raw)
    except Unreadable:
        return
    assert storable(mail)
    assert 0 <= mail.visible_end <= len(mail.text)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_unreadable(raw: bytes) -> None:
    with suppress(Unreadable):
        assert storable(parse(raw))


def test_the_mails_of_a_digest_are_files() -> None:
    mails = [b"\r\n" + letter(f"Subject: {name}") for name in ("One", "Two")]
    assert [file.name for file in parse(parted("digest", *mails)).files] == ["One.eml", "Two.eml"]


@pytest.mark.parametrize(
    "inner",
    [
        letter("Subject:   odd  spaces", "X-Long: " + "x" * 2000, b"X-Raw: \xff\xfe", body=b"\xff\n.\r\nFrom x\n"),
        parted("mixed", part("text/plain", "one"), part("text/plain", "two")).replace(b"edge", b"rim"),
        b"Content-Type: multipart/mixed; boundary=none; charset=utf-8\r\n\r\n\xc3\xa9 \xff",
        b"Content-Type: message/rfc822\r\n\r\n" * 600 + b"Subject: x\r\n\r\nHello",
        b"",
    ],
)
def test_a_mail_in_a_mail_stays_the_bytes_that_it_was(inner: bytes) -> None:
    mail = parse(parted("mixed", part("text/plain", "see below"), part("message/rfc822", inner)))
    assert [file.content for file in mail.files] == [inner]


def test_every_header_that_tells_of_the_delivery_is_read() -> None:
    mail = read("Delivered-To: a@acme.example", "X-Original-To: b@acme.example", "Envelope-To: <c@acme.example>")
    assert mail.delivered_to == ("a@acme.example", "b@acme.example", "c@acme.example")


def test_a_comment_in_an_address_is_no_part_of_it() -> None:
    mail = read(sender="Cleo <cleo(at home)@acme.example(the printer people)>")
    assert mail.sender == Mailbox("Cleo", "cleo@acme.example")


def test_hebrew_in_the_order_of_its_letters_is_read() -> None:
    body = "שלום".encode("iso-8859-8")
    assert read("Content-Type: text/plain; charset=iso-8859-8-i", body=body).text == "שלום"


def test_only_the_beginning_of_a_very_long_page_is_read() -> None:
    mail = parse(letter("Content-Type: text/html", body="<p>one</p>" + "<p>two</p>" * 100), Limits(html=20))
    assert (mail.text, mail.html) == ("one\n\ntwo", "<p>one</p><p>two</p>")
    assert mail.problems == ("a very long text, cut",)


def test_a_mail_that_is_passed_on_is_shown_whole() -> None:
    body = "Can you help?\r\n\r\nFrom: Bo\r\nSent: Monday\r\nTo: Cleo\r\nSubject: Printer\r\n\r\nIt is broken.\r\n"
    passed_on, answered = read("Subject: FW: Printer", body=body), read("Subject: Re: Printer", body=body)
    assert passed_on.visible_end == len(passed_on.text)
    assert answered.text[: answered.visible_end].strip() == "Can you help?"


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "rot13", "unicode_escape", "a\0b", "x" * 900])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_no_codec_that_is_no_charset_is_used(charset: str, encoding: str) -> None:
    mail = read(
        f"Content-Type: text/plain; charset={charset}",
        f"Content-Transfer-Encoding: {encoding}",
        body="caf=C3=A9" if encoding[0] == "q" else "Y2Fmw6k=" if encoding[0] == "b" else "café",
    )
    assert mail.text == "café"
