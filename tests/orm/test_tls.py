"""A server on another machine, and whoever stands in its place on the way there."""

import asyncio
import os
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import orm
from orm import engine
from orm.provision import connection, programs

pytestmark = pytest.mark.asvs("V12.3.1", "V12.3.2")
# This machine by a name that is not its own: for all that counts it is another one.
ELSEWHERE = "127.0.0.2"
ASKS = bytes.fromhex("0000000804d2162f")
CONNECTS = """
import asyncio, sys
from orm import Address, engine
asyncio.run(engine.connect_driver(Address(sys.argv[1], int(sys.argv[2]), "c_x", "c_x", "the password", 5.0), 5.0))
"""


def certificate(folder: Path) -> tuple[Path, Path]:
    """For this address, by nobody whom anybody knows; and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(ELSEWHERE))]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "server.pem", folder / "server.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return pem, private


@asynccontextmanager
async def posing(answer: bytes, secure: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, bytearray]]:
    """Somebody who poses as a server: where, and all that they have heard."""
    heard = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            heard.extend(await reader.readexactly(len(ASKS)))
            writer.write(answer)
            if secure is not None:
                await writer.start_tls(secure)
            heard.extend(await reader.read(1000))
        except (OSError, EOFError):
            pass
        finally:
            writer.transport.abort()

    async with await asyncio.start_server(serve, ELSEWHERE, 0) as server:
        yield server.sockets[0].getsockname()[1], heard


def address(port: int) -> orm.Address:
    return orm.Address(ELSEWHERE, port, "c_x", "c_x", "the password", 5.0)


async def test_nothing_is_said_in_the_clear() -> None:
    async with posing(b"N") as (port, heard):
        with pytest.raises(ConnectionError, match="SSL"):
            await engine.connect_driver(address(port), 5.0)
        with pytest.raises(ConnectionError, match="SSL"):
            await connection.opened(address(port))
    assert heard == ASKS * 2


async def test_nothing_is_said_to_who_shows_a_certificate_of_their_own(tmp_path: Path) -> None:
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(*certificate(tmp_path))
    async with posing(b"S", secure) as (port, heard):
        with pytest.raises(ssl.SSLCertVerificationError):
            await engine.connect_driver(address(port), 5.0)
        with pytest.raises(ssl.SSLCertVerificationError):
            await connection.opened(address(port))
    assert heard == ASKS * 2


async def test_whom_this_machine_trusts_is_spoken_to(tmp_path: Path) -> None:
    pem, private = certificate(tmp_path)
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(pem, private)
    async with posing(b"S", secure) as (port, heard):
        program = [sys.executable, "-c", CONNECTS, ELSEWHERE, str(port)]
        trusting = {**os.environ, "SSL_CERT_FILE": str(pem)}
        process = await asyncio.create_subprocess_exec(*program, env=trusting, stderr=asyncio.subprocess.DEVNULL)
        await process.wait()
    assert b"user\0c_x\0" in heard.removeprefix(ASKS)


async def test_programs_are_told_the_same(tmp_path: Path) -> None:
    says = tmp_path / "says"
    says.write_text("#!/bin/sh\necho $PGSSLMODE $PGSSLROOTCERT\n")
    says.chmod(0o700)
    for host, told in ((ELSEWHERE, b"verify-full system\n"), ("127.0.0.1", b"\n"), ("/run/postgresql", b"\n")):
        there = orm.Address(host, 5432, "c_x", "c_x", "")
        async with programs.running([str(says)], there, "c_x", stdout=asyncio.subprocess.PIPE) as process:
            assert b"".join([part async for part in process.came()]) == told
