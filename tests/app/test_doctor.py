"""`seldesk doctor` says of each thing whether it is good, and else what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from rpc import Kind
from seldesk.app.doctor import ADVICE, examine
from seldesk.app.doctor_host import certificate, relay
from seldesk.app.running import Database
from seldesk.clock import SetClock
from seldesk.layers import SettingsError
from seldesk.methods.control import alerts
from tests.faults import superuser
from tests.world import World, settings


async def test_each_check_says_what_it_found_and_what_to_do_where_it_is_bad(world: World, tmp_path: Path) -> None:
    home, found = world.app.settings.home, Database(world.app.fleet.home, None)
    good = await examine(settings(home), found)
    assert [one.check for one in good] == [*ADVICE]
    # Its customer was made long ago, by a clock of its own, and has no copy.
    assert [(one.check, one.text) for one in good if not one.good and one.check != "backups"] == []
    told = [alerts.Found("store a", "away")]
    await world.app.program(Kind.JOB)(alerts.report, check="stores", found=told)
    async with superuser(world.server, world.app.settings.database.control) as connection:
        await connection.execute("UPDATE control.revision SET version = '0000'")
    (home / "secrets" / "backup.key").chmod(0o604)
    harmed = settings(
        home,
        SELDESK_SMTP_OUT__HOST="127.0.0.1",
        SELDESK_SMTP_OUT__PORT="1",
        SELDESK_SMTP_OUT__TLS="none",
        SELDESK_CERTIFICATE=str(tmp_path / "none.pem"),
        SELDESK_STORES='["s3://nowhere?endpoint=http://127.0.0.1:1&region=x", "stores/b"]',
    )
    try:
        bad = await examine(harmed, found, SetClock(datetime.now(UTC) + timedelta(seconds=20)))
    finally:
        (home / "secrets" / "backup.key").chmod(0o600)
        async with superuser(world.server, world.app.settings.database.control) as connection:
            await connection.execute("UPDATE control.revision SET version = '0001'")
    wrong = {one.check for one in bad if not one.good}
    assert wrong - {"backups"} == {"keys", "migrations", "alerts", "stores", "mail", "clock", "certificate"}
    assert all(one.advice for one in bad if not one.good)
    text = {one.check: one.text for one in bad}
    assert "chmod 600" in text["keys"]
    assert text["migrations"] == "Not at this version: the control database."
    assert text["mail"] == "127.0.0.1:1 cannot be used (SMTPConnectError)."


async def test_a_certificate_is_renewed_three_weeks_before_its_end(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    for days, good in ((22, True), (20, False)):
        file = tmp_path / f"{days}.pem"
        file.write_bytes(signed(now + timedelta(days=days)))
        named = settings(tmp_path, SELDESK_CERTIFICATE=str(file))
        if good:
            assert await certificate(named, now) == "good until 2026-03-24"
        else:
            with pytest.raises(SettingsError, match="good until 2026-03-22 only"):
                await certificate(named, now)


async def test_without_a_relay_it_says_where_mail_goes(tmp_path: Path) -> None:
    assert await relay(settings(tmp_path)) == f"mail is written to {tmp_path}/mail_out"


def signed(until: datetime) -> bytes:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    dated = built.not_valid_before(until - timedelta(days=90)).not_valid_after(until)
    return dated.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
