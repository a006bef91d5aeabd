"""In which browsers somebody has signed in: a random cookie of each is known by its hash, and nothing else of it."""

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import orm
from seldesk.surroundings import surroundings

REMEMBERED = timedelta(days=400)
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
# The first that is named wins: most programs name others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """What a program says that it is, in words of ours: "Firefox on Linux". "" for what nobody knows."""
    browser = next((words for sign, words in _BROWSERS if sign in agent), "")
    system = next((words for sign, words in _SYSTEMS if sign in agent), "")
    return f"{browser} on {system}" if browser and system else browser


class Device(orm.Model, table="devices", schema="secret"):
    """A browser in which one person has signed in."""

    person_id: orm.Column[UUID] = orm.reference("app.people.id", primary=True)
    fingerprint: orm.Column[bytes] = orm.binary(primary=True)
    seen_at: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    async def seen(cls, person: UUID, secret: str) -> tuple[str, bool]:
        """The secret that this browser keeps, and whether it is new to a person who is known from another."""
        given = secret if _SECRET.fullmatch(secret) else secrets.token_urlsafe(32)
        now, kept = surroundings().now, _fingerprint(person, given)
        if await _seen().send(person=person, fingerprint=kept, now=now):
            return given, False
        strange = await cls.where(cls.person_id == person).exists()
        await orm.insert_or_skip(cls, {"person_id": person, "fingerprint": kept, "seen_at": now})
        return given, strange

    @classmethod
    async def known(cls, person: UUID, secret: str) -> str:
        """What a browser that is known to them is counted by; "" for another."""
        if not _SECRET.fullmatch(secret):
            return ""
        kept = _fingerprint(person, secret)
        there = await _known().read(person=person, fingerprint=kept)
        return kept.hex() if there["known"] else ""

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.seen_at < surroundings().now - REMEMBERED).delete()


def _one() -> "orm.Query[Device]":
    theirs = Device.person_id == orm.parameter("person", Device.person_id)
    return Device.where(theirs, Device.fingerprint == orm.parameter("fingerprint", Device.fingerprint))


@orm.kept
def _seen() -> orm.PreparedUpdate:
    return orm.PreparedUpdate(_one(), seen_at=orm.parameter("now", Device.seen_at))


@orm.kept
def _known() -> orm.PreparedScalars:
    return orm.PreparedScalars(known=orm.exists(_one()))


def _fingerprint(person: UUID, secret: str) -> bytes:
    """Another one for each person: of two who share a browser the table does not say so."""
    return sha256(person.bytes + secret.encode()).digest()
