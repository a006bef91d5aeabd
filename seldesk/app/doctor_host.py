"""What a machine and its surroundings must be like: keys, disks, stores, the relay, the clock, the certificate."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import aiosmtplib
from cryptography import x509

from seldesk.app.relays import signing
from seldesk.app.stores import separate, stores
from seldesk.keyring import Name, Wrapping, master_key, program
from seldesk.layers import SettingsError
from seldesk.settings import Settings
from seldesk.storage import Place

ROOM = 1_000_000_000
SKEW = timedelta(seconds=5)
RENEWED = timedelta(days=21)
PATIENCE = 5.0  # seconds


async def keys(settings: Settings) -> str:
    for name in get_args(Name):
        if not (name in get_args(Wrapping) and program(settings, name)):
            master_key(settings, name)
    folder = settings.secrets.folder
    if folder.is_dir() and folder.stat().st_mode & 0o022:
        raise SettingsError(f"Others can put keys into {folder}: run chmod 700 {folder}")
    return f"{', '.join(get_args(Name))}"


async def places(settings: Settings) -> str:
    """Every store answers, and who writes to one can delete in no other."""
    opened = [*stores(settings, PATIENCE), *(Place.at(place, PATIENCE) for place in settings.key_stores)]
    answers = await asyncio.gather(*(place.reached() for place in opened), return_exceptions=True)
    if silent := [str(answer) for answer in answers if answer is not None]:
        raise SettingsError(" ".join(silent))
    if trouble := separate(settings):
        raise SettingsError(trouble)
    return ", ".join(settings.stores)


async def disk(settings: Settings) -> str:
    local = [place for place in (*settings.stores, *settings.key_stores) if "://" not in place]
    free = {}
    for place in (str(settings.home), str(settings.backups.spool), *local):
        free[place] = shutil.disk_usage(_existing(place)).free
        if free[place] < ROOM:
            raise SettingsError(f"Less than 1 GB is free at {place}.")
    return f"{min(free.values()) / 1e9:.0f} GB free at least"


async def relay(settings: Settings) -> str:
    out = settings.smtp_out
    if not out.host:
        return f"mail is written to {out.folder}"
    client = aiosmtplib.SMTP(
        hostname=out.host,
        port=out.port,
        use_tls=out.tls == "tls",
        start_tls=out.tls == "starttls",
        timeout=PATIENCE,
        username=out.user or None,
        password=out.password.get_secret_value() or None,
    )
    try:
        async with asyncio.timeout(2 * PATIENCE), client:
            signed = f", mail is signed as {out.dkim_selector}" if signing(settings) else ""
            return f"{out.host}:{out.port} answers" + (" and takes our password" if out.user else "") + signed
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
        raise SettingsError(f"{out.host}:{out.port} cannot be used ({type(error).__name__}).") from None


async def clock(there: datetime, here: datetime) -> str:
    """Beside that of the database's machine: codes, leases and links stand on it."""
    skew = abs(there - here)
    if skew > SKEW:
        raise SettingsError(f"It differs by {skew.total_seconds():.0f} seconds from the database's.")
    return f"within {max(1, round(skew.total_seconds()))} s of the database's"


async def certificate(settings: Settings, now: datetime) -> str:
    """Of the proxy, where the settings name its file."""
    if not settings.certificate:
        return "none is named in the settings"
    until = _good_until(Path(settings.certificate))
    if until - now < RENEWED:
        raise SettingsError(f"{settings.certificate} is good until {until:%Y-%m-%d} only.")
    return f"good until {until:%Y-%m-%d}"


def _good_until(file: Path) -> datetime:
    """The first of the chain to end."""
    try:
        return min(one.not_valid_after_utc for one in x509.load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file} cannot be read: {error}") from None


def _existing(place: str) -> Path:
    """The folder, or the one above in which it will be made."""
    folder = Path(place)
    return folder if folder.exists() else _existing(str(folder.parent))
