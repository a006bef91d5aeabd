"""How often something may be done. Each kind of database has a table of its own for it."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Any

import orm
from seldesk.surroundings import surroundings


@dataclass(frozen=True, slots=True)
class Window:
    """So many in so much time; after that it is refused until the window ends."""

    name: str
    most: int
    span: timedelta


class Counter(orm.Model, abstract=True):
    """How often something happened since the window began. The key is a hash: no address is kept."""

    key: orm.Column[bytes] = orm.binary(primary=True)
    count: orm.Column[int] = orm.integer()
    since: orm.Column[datetime] = orm.time()

    @classmethod
    async def wait(cls, window: Window, subject: str) -> int:
        """Seconds until this may be tried again; 0 when it may now."""
        return (await cls.waits((window, subject)))[0]

    @classmethod
    async def waits(cls, *asked: tuple[Window, str]) -> list[int]:
        """The same for each of several, in one statement."""
        now, keys = surroundings().now, [_key(*one) for one in asked]
        counted = {one.key: one for one in await _counted(cls).read(keys=keys)}
        return [
            one.left(window, now) if (one := counted.get(key)) else 0
            for key, (window, _) in zip(keys, asked, strict=True)
        ]

    @classmethod
    async def hit(cls, window: Window, subject: str) -> None:
        now = surroundings().now
        over = cls.since <= now - window.span
        await orm.upsert(
            cls,
            {"key": _key(window, subject), "count": 1, "since": now},
            on=("key",),
            set={
                "count": orm.case((over, 1), otherwise=cls.count + 1),
                "since": orm.case((over, now), otherwise=cls.since),
            },
        )

    @classmethod
    async def take(cls, window: Window, subject: str) -> bool:
        """Count it and say whether it may be done. Each one that may begins the time anew: so no time as long as
        the window ever sees more than its most. Those at the same moment wait for each other.
        """
        now, key = surroundings().now, _key(window, subject)
        taken = await _taken(cls).value(key=key, count=1, since=now, begun=now - window.span, most=window.most)
        return bool(taken <= window.most)

    @classmethod
    async def admit(cls, account: Window, subject: str, block: Window, address: str) -> int:
        """Seconds to wait before one tries to prove who one is; 0 for one who is let in, and who is counted before it
        is looked at: of many at once no more get through. Those refused count their block themselves.
        """
        seconds = max(await cls.waits((account, subject), (block, block_of(address))))
        if not seconds and not await cls.take(account, subject):
            seconds = await cls.wait(account, subject)
        return seconds

    @classmethod
    async def claim(cls, window: Window, subject: str) -> int:
        """Count it, refused or not; answers 0 where it may be done, else the seconds until the window ends."""
        now = surroundings().now
        row = await cls._count(window, subject, 1)
        return 0 if row[0] <= window.most else max(1, int((row[1] + window.span - now).total_seconds()))

    @classmethod
    async def settle(cls, over: tuple[Window, str], done: tuple[Window, str]) -> None:
        """Forget what was counted for the one and count one for the other, in one statement."""
        now, window = surroundings().now, done[0]
        await _settled(cls).send(gone=_key(*over), key=_key(*done), count=1, since=now, begun=now - window.span)

    @classmethod
    async def spend(cls, window: Window, subject: str, count: int) -> int:
        """Count so many at once, which were done already; answers the seconds until there is room again."""
        now = surroundings().now
        row = await cls._count(window, subject, count)
        return 0 if row[0] < window.most else max(1, int((row[1] + window.span - now).total_seconds()))

    @classmethod
    async def _count(cls, window: Window, subject: str, count: int) -> Any:
        """What was counted since when."""
        now = surroundings().now
        over = cls.since <= now - window.span
        return await orm.upsert(
            cls,
            {"key": _key(window, subject), "count": count, "since": now},
            on=("key",),
            set={
                # Bounded, so that no number of tries overflows it.
                "count": orm.case((over, count), otherwise=orm.least(cls.count + count, 2 * window.most)),
                "since": orm.case((over, now), otherwise=cls.since),
            },
            returning=(cls.count, cls.since),
        )

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.since < surroundings().now - timedelta(days=1)).delete()

    @classmethod
    async def forget(cls, window: Window, subject: str) -> None:
        await _forgotten(cls).send(key=_key(window, subject))


@dataclass(frozen=True, slots=True)
class _Counted:
    key: bytes
    count: int
    since: datetime

    def left(self, window: Window, now: datetime) -> int:
        """Seconds; 0 where there is room, or the window has ended."""
        if self.count < window.most or self.since <= now - window.span:
            return 0
        return max(1, int((self.since + window.span - now).total_seconds()))


@orm.kept
def _counted(counter: type[Counter]) -> orm.Prepared[_Counted]:
    asked = counter.where(orm.among(counter.key, "keys")).limit(10)
    return orm.Prepared(asked, _Counted, key=counter.key, count=counter.count, since=counter.since)


@orm.kept
def _taken(counter: type[Counter]) -> orm.PreparedInsert:
    most, now = orm.parameter("most", counter.count), orm.parameter("since", counter.since)
    over, room = counter.since <= orm.parameter("begun", counter.since), counter.count < most
    set = {
        "count": orm.case((over, 1), (room, counter.count + 1), otherwise=most + 1),
        "since": orm.case((over | room, now), otherwise=counter.since),
    }
    return orm.PreparedInsert(counter, "key", "count", "since", on=("key",), set=set, answer=counter.count)


@orm.kept
def _settled(counter: type[Counter]) -> orm.PreparedInsert:
    over = counter.since <= orm.parameter("begun", counter.since)
    set = {
        "count": orm.case((over, 1), otherwise=counter.count + 1),
        "since": orm.case((over, orm.parameter("since", counter.since)), otherwise=counter.since),
    }
    gone = counter.where(counter.key == orm.parameter("gone", counter.key))
    return orm.PreparedInsert(counter, "key", "count", "since", on=("key",), set=set, gone=gone)


@orm.kept
def _forgotten(counter: type[Counter]) -> orm.PreparedDelete:
    return orm.PreparedDelete(counter.where(counter.key == orm.parameter("key", counter.key)))


def _key(window: Window, subject: str) -> bytes:
    """Under a key: all addresses that there are could be tried on a plain hash."""
    return hmac.digest(surroundings().signing_key, f"limit\0{window.name}\0{subject}".encode(), sha256)


def block_of(address: str) -> str:
    """The /24 (or /64) that an address lies in: one home, one office."""
    try:
        version = ip_address(address).version
    except ValueError:
        return address
    return str(ip_network(f"{address}/{24 if version == 4 else 64}", strict=False))


def apart(account: str, known: str) -> str:
    """What tries at an account are counted under: those from where it is known, if it is, apart from strangers'."""
    return f"{account}\0{known}" if known else account
