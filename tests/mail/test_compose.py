import base64
import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import dkim  # type: ignore[import-untyped]  # it ships no types
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from seldesk.mail.classify import Class, classify
from seldesk.mail.compose import BODY, File, Mailbox, Outgoing, Unsendable, compose
from seldesk.mail.parse import parse
from seldesk.mail.reply import MARKER
from seldesk.mail.signing import Dkim

OURS = "<seldesk.abc@acme.desk.example>"
PLAIN = Outgoing(
    message_id=OURS,
    date=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    sender=Mailbox("Acme Support", "support@acme.desk.example"),
    to=[Mailbox("Cleo Klein", "cleo@acme.example")],
    subject="Printer",
    text="Dear Cleo,\n\nturn it off and on.\n",
)


def written(**changes: Any) -> EmailMessage:
    return email.message_from_bytes(compose(replace(PLAIN, **changes)), policy=email.policy.default)


def text_of(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_mail_is_written() -> None:
    message = written(
        cc=[Mailbox("", "bo@acme.example")],
        reply_to="support+t7.x@acme.desk.example",
        number=7,
        in_reply_to="<1@acme.example>",
        references=["<0@acme.example>", "<1@acme.example>"],
    )
    assert {name: str(value) for name, value in message.items()} == {
        "Date": "Mon, 02 Mar 2026 09:00:00 +0000",
        "From": "Acme Support <support@acme.desk.example>",
        "To": "Cleo Klein <cleo@acme.example>",
        "Cc": "bo@acme.example",
        "Reply-To": "Acme Support <support+t7.x@acme.desk.example>",
        "Subject": "Printer [#7]",
        "Message-ID": OURS,
        "In-Reply-To": "<1@acme.example>",
        "References": "<0@acme.example> <1@acme.example>",
        "List-Id": "<support.acme.desk.example>",
        "X-Loop": "acme.desk.example",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }
    assert text_of(message, "plain") == f"{MARKER}\n\nDear Cleo,\n\nturn it off and on.\n"


def test_the_same_mail_is_the_same_bytes() -> None:
    whole = replace(PLAIN, html="<p>x</p>", files=[File("a.txt", "text/plain", b"x")])
    assert compose(whole) == compose(replace(whole))
    assert compose(whole) != compose(replace(whole, text="y"))


def test_html_has_its_styles_inline_and_the_marker() -> None:
    message = written(html="<p>Dear <b>Cleo</b></p><blockquote>x</blockquote>")
    assert message.get_content_type() == "multipart/alternative"
    page = text_of(message, "html")
    assert '<p style="margin: 0 0 1em;">Dear <b>Cleo</b></p>' in page
    assert MARKER in page
    assert "<style" not in page


def test_a_template_of_ones_own_is_used() -> None:
    page = text_of(
        written(
            html="<p>x</p>",
            marker=None,
            template=f"<html><head><style>p{{color:red}}</style></head><body>{BODY}<hr></body></html>",
        ),
        "html",
    )
    assert page == '<html><head></head><body><p style="color: red;">x</p><hr></body></html>\n'


def test_nothing_is_fetched_or_read_for_a_template(tmp_path: Any) -> None:
    sheet = tmp_path / "x.css"
    sheet.write_text("p{color:red}")
    template = f'<html><head><link rel="stylesheet" href="{sheet.as_uri()}"></head><body>{BODY}</body></html>'
    assert "color" not in text_of(written(html="<p>x</p>", template=template), "html")


@pytest.mark.asvs("V1.3.7", "V1.3.10")
def test_what_a_template_means_is_not_made_of_the_text() -> None:
    page = text_of(written(html=f"<p>{{mail.dkim}} %s {BODY}</p>"), "html")
    assert "{mail.dkim} %s" in page


@pytest.mark.parametrize(
    "text", ["Größe", "ありがとう " * 50, "x" * 2000, "a\r\nb\rc\n", ".\n..\nFrom x\n", "= =\t \n"]
)
def test_a_text_arrives_as_it_was(text: str) -> None:
    sent = compose(replace(PLAIN, text=text, marker=None))
    assert all(len(line) <= 80 for line in sent.split(b"\r\n"))
    assert sent.isascii()
    assert b"\n" not in sent.replace(b"\r\n", b"")
    mail = parse(sent)
    assert mail.text == text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


@pytest.mark.parametrize(
    "name",
    ["a.pdf", "Größe 1.pdf", "あ" * 140 + ".pdf", 'a";b.txt', "a'b%20c.txt", "😀.png", "a\r\nBcc: x.txt", "../../x"],
)
def test_a_file_arrives_with_its_name(name: str) -> None:
    mail = parse(compose(replace(PLAIN, html="<p>x</p>", files=[File(name, "application/pdf", b"%PDF\0\xff")])))
    (file,) = mail.files
    assert (file.type, file.content) == ("application/pdf", b"%PDF\0\xff")
    expected = {"a\r\nBcc: x.txt": "aBcc_x.txt", "../../x": "x", 'a";b.txt': "a_;b.txt"}
    assert file.name == expected.get(name, name)
    standard = email.message_from_bytes(
        compose(replace(PLAIN, files=[File(name, "application/pdf", b"x")])), policy=email.policy.default
    )
    (attachment,) = standard.iter_attachments()
    assert attachment.get_filename() == file.name


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "text/html\r\nBcc: x", ""])
def test_a_file_of_an_unruly_type_goes_out_as_bytes(kind: str) -> None:
    (file,) = parse(compose(replace(PLAIN, files=[File("a.eml", kind, b"From: x\n\ny")]))).files
    assert (file.type, file.content) == ("application/octet-stream", b"From: x\n\ny")


INJECTION = "x\r\nBcc: eve@evil.example\r\n\r\n<script>\x00\u2028y"


@pytest.mark.flaw("RT CVE-2012-4730")
@pytest.mark.asvs("V1.3.11")
def test_names_and_subjects_inject_nothing() -> None:
    whole = replace(
        PLAIN,
        sender=Mailbox(INJECTION, "support@acme.desk.example"),
        to=[Mailbox(INJECTION, "cleo@acme.example"), Mailbox("=?utf-8?q?a=0D=0ABcc:?=", "bo@acme.example")],
        cc=[Mailbox('a" <eve@evil.example>, "b', "ann@acme.example")],
        subject=INJECTION,
        in_reply_to="<a@b>\r\nBcc: x",
        references=["<c@d>", "<e@f>\r\nBcc: x", "g", "<\x00@h>"],
    )
    names = [name for name, _ in email.message_from_bytes(compose(whole)).items()]
    assert len(names) == len(set(names))
    assert "Bcc" not in names
    mail = parse(compose(whole))
    assert mail.subject == "x Bcc: eve@evil.example <script> y"
    assert [person.address for person in mail.to] == ["cleo@acme.example", "bo@acme.example"]
    assert mail.to[1].name == "=?utf-8?q?a=0D=0ABcc:?="
    assert mail.cc == (Mailbox('a" <eve@evil.example>, "b', "ann@acme.example"),)
    assert mail.references == ("<c@d>",)
    assert mail.in_reply_to == ()


@pytest.mark.parametrize(
    "address",
    [
        "cleo@acme.example\r\nBcc: eve@evil.example",
        "cleo@acme.example, eve@evil.example",
        "<cleo@acme.example>",
        "jürgen@acme.example",
        "cleo",
        "",
        "cleo@" + "ü" * 80 + ".example",
    ],
)
def test_an_address_that_no_mail_can_carry_is_refused(address: str) -> None:
    for changes in ({"to": [Mailbox("", address)]}, {"sender": Mailbox("", address)}, {"reply_to": address or "x"}):
        with pytest.raises(Unsendable):
            written(**changes)


@pytest.mark.parametrize("message_id", ["", "a@b", "<a@b>\r\nBcc: x", "<a b@c>", "<ä@b>", "<@b>"])
def test_a_malformed_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(Unsendable, match="Message-ID"):
        written(message_id=message_id)


def test_a_domain_in_another_script_is_written_for_old_servers() -> None:
    assert written(to=[Mailbox("", "cleo@müller.example")])["To"] == "cleo@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("subject", "number", "expected"),
    [
        ("Printer", 7, "Printer [#7]"),
        ("Re: Printer [#7]", 7, "Re: Printer [#7]"),
        ("Printer", None, "Printer"),
        ("", 7, "[#7]"),
        ("Größe " * 60, 7, ("Größe " * 60)[:230].strip() + " [#7]"),
        ("=?utf-8?q?x?=", None, "=?utf-8?q?x?="),
    ],
)
def test_the_subject_carries_the_number(subject: str, number: int | None, expected: str) -> None:
    assert parse(compose(replace(PLAIN, subject=subject, number=number))).subject == expected


def test_references_keep_the_first_and_the_newest() -> None:
    ids = [f"<{number:04}.{'x' * 60}@acme.example>" for number in range(100)]
    value = str(written(references=ids, in_reply_to=ids[-1])["References"])
    kept = value.split()
    assert len(value.encode()) < 1000
    assert kept[0] == ids[0]
    assert kept[1:] == ids[-len(kept[1:]) :]
    assert len(kept) >= 8
    assert str(written(references=ids[:3], in_reply_to=ids[1])["References"]).split() == [ids[0], ids[2], ids[1]]


def test_automatic_mail_says_so_and_our_own_mail_is_known_when_it_comes_back() -> None:
    message = written(automatic=True)
    assert (message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert "Auto-Submitted" not in written()
    assert classify(parse(compose(PLAIN)), ("acme.desk.example",)).kind is Class.LOOP
    assert classify(parse(compose(replace(PLAIN, automatic=True))), ("other.example",)).kind is Class.AUTO_REPLY


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def test_a_key_signs_and_the_signature_holds(key: rsa.RSAPrivateKey) -> None:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    signing = Dkim("acme.desk.example", "desk", pem)
    assert "PRIVATE" not in repr(signing)
    whole = compose(replace(PLAIN, html="<p>Größe</p>", files=[File("a.txt", "text/plain", b"x")]))
    signed = signing.signature(whole) + whole
    assert signed.startswith(b"DKIM-Signature:")
    assert b"t=1772442000" in b"".join(signed.split())
    assert signing.signature(whole) + whole == signed

    def record(name: bytes, **_: object) -> bytes:
        assert name == b"desk._domainkey.acme.desk.example."
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    assert dkim.verify(signed, dnsfunc=record)
    for before, after in (
        (b"Subject: Printer", b"Subject: Money"),
        (b"turn it off", b"turn it on!"),
        (b"X-", b"From: x\r\nX-"),
    ):
        assert before in signed
        assert not dkim.verify(signed.replace(before, after, 1), dnsfunc=record)


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(Unsendable, match="DKIM key"):
        Dkim("acme.desk.example", "desk", b"no key").signature(compose(PLAIN))


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_any_words_are_written_and_read_back_as_one_mail(name: str, subject: str, text: str) -> None:
    sent = compose(replace(PLAIN, to=[Mailbox(name, "cleo@acme.example")], subject=subject, text=text, html="x"))
    mail = parse(sent)
    assert [person.address for person in mail.to] == ["cleo@acme.example"]
    assert mail.message_id == OURS
    assert mail.files == ()
    assert mail.problems == ()
    assert sent.isascii()
