"""What a relay can do to a mail, and what we make of it."""

import asyncio
import base64
import datetime
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dkim  # type: ignore[import-untyped]  # it ships no types
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from seldesk.app import relays
from seldesk.jobs.relay import Folder, Refused, Smtp
from seldesk.layers import SettingsError
from seldesk.settings import Settings
from tests.faults import free_port
from tests.jobs.sink import Answer, Sink, drops, listening, speaking, stalls

RAW = b"Message-ID: <a@acme.localhost>\r\nSubject: Re: smoke\r\n\r\nUnplug it.\r\n"


@dataclass
class Letter:
    sender: str = "support@acme.localhost"
    recipients: list[str] = field(default_factory=lambda: ["cleo@cleo.example"])
    message_id: str = "<a@acme.localhost>"
    raw: bytes = RAW


async def refused(relay: Smtp, letter: Letter | None = None) -> Refused:
    with pytest.raises(Refused) as told:
        async with asyncio.timeout(60):
            await relay.send(letter or Letter())
    return told.value


def relay(port: int, **options: Any) -> Smtp:
    return Smtp("127.0.0.1", port, **{"tls": "none", "seconds": 30.0, **options})


async def test_a_mail_that_was_taken_has_left() -> None:
    sink = Sink()
    async with listening(sink) as port:
        await relay(port).send(Letter())
        await relay(port).send(Letter(sender=""))
    assert sink.taken == [RAW, RAW]
    assert sink.recipients == ["cleo@cleo.example"] * 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("said", "permanent"), [("451 4.3.0 Later", False), ("550 5.1.1 Nobody here", True)])
async def test_the_relays_word_on_a_mail_counts(command: str, said: str, permanent: bool) -> None:
    async with listening(Sink({command: said})) as port:
        told = await refused(relay(port))
    assert told.permanent is permanent
    assert told.reason == f"The relay said {said}"


class Picky(Sink):
    """Knows Cleo; the code for others is in their address."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not address.startswith("cleo"):
            return f"{address[1:4]} Not {address}"
        return await super().handle_RCPT(server, session, envelope, address, options)


async def test_who_is_refused_is_named_and_the_others_have_the_mail() -> None:
    sink, cleo = Picky(), "cleo@cleo.example"
    async with listening(sink) as port:
        left_out = await relay(port).send(Letter(recipients=["a450@x.example", cleo, "b550@x.example"]))
        nobody = await refused(relay(port), Letter(recipients=["b550@x.example", "a450@x.example"]))
    assert sink.recipients == [cleo]
    assert [(one.address, one.permanent) for one in left_out] == [("a450@x.example", False), ("b550@x.example", True)]
    assert not nobody.permanent, "one of them may still be reached"


@pytest.mark.parametrize(
    "answers", [{"DATA": drops}, {"RCPT": drops}, {"DATA": stalls}, {"MAIL": "530 5.7.0 Sign in first"}]
)
async def test_what_is_between_the_relay_and_us_passes(answers: Mapping[str, str | Answer]) -> None:
    async with listening(Sink(dict(answers))) as port:
        assert not (await refused(relay(port, seconds=0.5))).permanent


async def test_a_relay_that_is_away_or_silent_passes() -> None:
    assert not (await refused(relay(free_port()))).permanent

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with speaking(silent) as port:
        assert not (await refused(relay(port, seconds=0.3))).permanent


@pytest.mark.parametrize("goodbye", [drops, stalls, "500 What?"])
async def test_a_mail_that_was_taken_stays_taken_however_the_goodbye_goes(goodbye: str | Answer) -> None:
    sink = Sink({"QUIT": goodbye})
    async with listening(sink) as port, asyncio.timeout(60):
        await relay(port).send(Letter())
    assert sink.taken == [RAW]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_wrong_password_passes_once_it_is_right() -> None:
    """Else one wrong setting would be the last word on all mails that wait."""

    def check(server: object, session: object, envelope: object, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    sink = Sink()
    async with listening(sink, authenticator=check, auth_required=True, auth_require_tls=False) as port:
        for wrong in (relay(port), relay(port, user="seldesk", password="wrong")):
            assert not (await refused(wrong)).permanent
        await relay(port, user="seldesk", password="right").send(Letter())
    assert sink.taken == [RAW]


@pytest.mark.fault(19)
async def test_nothing_is_said_to_a_relay_whose_certificate_is_not_good(tmp_path: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(self_signed(tmp_path))
    sink = Sink()
    async with listening(sink, tls_context=context) as port:
        assert not (await refused(relay(port, tls="starttls"))).permanent
    async with listening(sink) as port:
        assert not (await refused(relay(port, tls="starttls"))).permanent
        assert not (await refused(relay(port, tls="tls"))).permanent
    assert sink.taken == []


async def test_an_address_in_any_script_is_sent_to_where_the_relay_can() -> None:
    sink, letter = Sink(), Letter(recipients=["jürgen@bücher.example"])
    async with listening(sink) as port:
        await relay(port).send(letter)
    assert sink.recipients == ["jürgen@bücher.example"]


async def test_an_address_in_any_script_is_refused_where_the_relay_cannot() -> None:
    async def old_relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 old.example\r\n")
        while line := await reader.readline():
            writer.write(b"221 Bye\r\n" if line.upper().startswith(b"QUIT") else b"250 old.example\r\n")

    async with speaking(old_relay) as port:
        assert (await refused(relay(port), Letter(recipients=["jürgen@bücher.example"]))).permanent


async def test_an_address_that_cannot_be_written_is_refused_for_good() -> None:
    sink = Sink()
    async with listening(sink) as port:
        assert (await refused(relay(port), Letter(recipients=["cleo\udc80@cleo.example"]))).permanent
    assert sink.taken == []


async def test_in_a_folder_each_mail_is_a_file_and_the_same_one_twice_is_one(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "out")
    for _ in range(2):
        await folder.send(Letter())
    await folder.send(Letter(message_id="<../../b@acme.localhost>"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        ".._.._b_acme.localhost.eml",
        "a_acme.localhost.eml",
    ]


async def test_what_leaves_is_signed_for_the_base_domain_when_there_is_a_key(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "dkim.pem").write_bytes(pem)
    raw = b"From: support@acme.localhost\r\nDate: Thu, 05 Mar 2026 09:00:00 +0000\r\n" + RAW
    sink = Sink()
    async with listening(sink) as port:
        given = {"HOME": str(tmp_path), "SMTP_OUT__HOST": "127.0.0.1", "SMTP_OUT__PORT": str(port)}
        given |= {"SMTP_OUT__TLS": "none", "SMTP_OUT__DKIM_SELECTOR": "desk"}
        settings = Settings.load(None, {f"SELDESK_{name}": value for name, value in given.items()})
        assert await relays.relay(settings).send(Letter(raw=raw)) == []
    (taken,) = sink.taken
    record = {b"desk._domainkey.localhost.": b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)}
    assert dkim.verify(taken, dnsfunc=lambda name, **_: record[name])
    (tmp_path / "dkim.pem").write_bytes(b"no key")
    with pytest.raises(SettingsError, match=r"dkim\.pem is no private RSA key"):
        relays.relay(settings)


def self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    both = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    path = folder / "sink.pem"
    path.write_bytes(both)
    return path
