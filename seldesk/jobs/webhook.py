"""Tells an address of the operator's choice what happened, signed; never one inside a network, and never twice round.

The host is looked up once, every address it has must be one of the public internet, and the connection goes to the
very one that was looked at: no second look-up can answer otherwise. A redirect is a refusal.
"""

import asyncio
import hmac
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

SECONDS = 10.0
LONGEST_LINE = 8 * 1024
# What leads to an IPv4 address through a gateway, wherever that may be.
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class NotTold(Exception):
    """The webhook was not told; the sentence names no secret of its address."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address. Its path may be a secret: only the host is ever shown."""

    url: str = field(repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or "?"


def signature(secret: str, at: int, body: bytes) -> str:
    """What the header Seldesk-Signature says: a time, and an HMAC-SHA256 over the time, a dot, and the body."""
    return f"t={at},v1={hmac.digest(secret.encode(), f'{at}.'.encode() + body, sha256).hex()}"


def is_public(address: str) -> bool:
    """Whether it is one of the public internet, also when it only wraps another one."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour
        if wrapped is not None:
            return _is_global(wrapped)
        if found.teredo is not None or any(found in one for one in _TRANSLATED):
            return False
    return _is_global(found)


def _is_global(found: IPv4Address | IPv6Address) -> bool:
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


async def resolved(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, proto=6)
    return [str(one[4][0]) for one in found]


@dataclass(frozen=True, slots=True)
class Posting:
    """private: addresses of one's own network may be told too, in plain HTTP if need be. Without a secret nothing is
    signed.
    """

    secret: str = field(repr=False)
    private: bool = False
    seconds: float = SECONDS
    resolve: Resolve = resolved

    async def post(self, webhook: Webhook, body: bytes, *, at: int) -> None:
        """NotTold unless it was taken."""
        try:
            async with asyncio.timeout(self.seconds):
                status = await self._post(webhook, body, at)
        except TimeoutError:
            raise NotTold(f"It did not answer within {self.seconds:g} seconds.") from None
        except (OSError, ValueError, asyncio.LimitOverrunError) as error:
            raise NotTold(f"It could not be reached ({type(error).__name__}).") from None
        if not 200 <= status < 300:
            raise NotTold(f"It answered {status}.")

    async def _post(self, webhook: Webhook, body: bytes, at: int) -> int:
        url = urlsplit(webhook.url)
        if url.scheme != "https" and not (self.private and url.scheme == "http"):
            raise NotTold("Its address must begin with https.")
        if not url.hostname or url.username is not None or url.password is not None:
            raise NotTold("Its address names no host, or a password.")
        port = url.port or (443 if url.scheme == "https" else 80)
        found = await self.resolve(url.hostname, port)
        if not found or not (self.private or all(map(is_public, found))):
            raise NotTold("Its host is none of the public internet.")
        secure = ssl.create_default_context() if url.scheme == "https" else None
        reader, writer = await asyncio.open_connection(
            found[0], port, ssl=secure, server_hostname=url.hostname if secure else None, limit=LONGEST_LINE
        )
        try:
            writer.write(self._request(url.path or "/", url.query, url.netloc, body, at))
            await writer.drain()
            return _status(await reader.readline())
        finally:
            writer.close()

    def _request(self, path: str, query: str, host: str, body: bytes, at: int) -> bytes:
        target = f"{path}?{query}" if query else path
        if not (target.isascii() and target.isprintable() and host.isascii() and " " not in target + host):
            raise NotTold("Its address holds what no address may hold.")
        lines = (
            f"POST {target} HTTP/1.1",
            f"Host: {host}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            *([f"Seldesk-Signature: {signature(self.secret, at, body)}"] if self.secret else []),
            "User-Agent: Seldesk",
            "Connection: close",
        )
        return "\r\n".join((*lines, "", "")).encode() + body


def _status(line: bytes) -> int:
    version, _, rest = line.partition(b" ")
    code = rest[:3]
    if not version.startswith(b"HTTP/1.") or not (len(code) == 3 and code.isdigit()):
        raise NotTold("It does not speak HTTP.")
    return int(code)
