"""A mail taken apart by the standard library's parser, within limits."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.feedparser import BytesFeedParser
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32, Policy

from seldesk.mail.headers import parameters

# Small, because between two of them the time is looked at, and a deeply nested line is slow.
_CHUNK = 16_384
_LONGEST_HEADER = 100_000
# The standard library takes quadratic time to split the parameters of these.
_LONGEST_CONTENT_HEADER = 8_000


class Unreadable(Exception):
    """Nothing can be made of this mail."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or self.__doc__ or "")
        self.reason = str(self)


@dataclass(frozen=True, slots=True)
class Limits:
    """cpu tells the seconds of processor time that this thread has used."""

    size: int = 25 * 1024 * 1024
    lines: int = 1_000_000
    parts: int = 500
    depth: int = 50
    seconds: float = 2.0
    text: int = 1_000_000
    html: int = 2_000_000
    cpu: Callable[[], float] = time.thread_time


LIMITS = Limits()


class Part(Message):
    """To the parser, what is not multipart is text: a mail within a mail stays the bytes that it was."""

    def declared(self) -> tuple[str, dict[str, str]]:
        """Its type and the parameters of that."""
        return parameters(self.get("Content-Type", "") or self.get_default_type())

    def get_content_type(self) -> str:
        kind = self.declared()[0]
        return kind if kind.startswith("multipart/") else "text/plain"


class Budget:
    def __init__(self, limits: Limits) -> None:
        self.limits, self._end, self._parts = limits, limits.cpu() + limits.seconds, -1

    def check(self) -> None:
        if self.limits.cpu() > self._end:
            raise Unreadable(f"Reading it takes more than {self.limits.seconds:g} seconds.")

    def check_depth(self, depth: int) -> None:
        if depth > self.limits.depth:
            raise Unreadable(f"Its parts are nested more than {self.limits.depth} deep.")

    def new_part(self, *, policy: Policy) -> Part:
        self._parts += 1  # the parser makes one to see whether it can
        if self._parts > self.limits.parts:
            raise Unreadable(f"It has more than {self.limits.parts} parts.")
        return Part(policy)


class Verbatim(Compat32):
    """Headers as they came, bytes outside of ASCII as surrogates."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        short = name.lower().startswith("content-")
        return name, value[: _LONGEST_CONTENT_HEADER if short else _LONGEST_HEADER]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


POLICY = Verbatim()


def take_apart(raw: bytes, budget: Budget) -> Part:
    if len(raw) > budget.limits.size:
        raise Unreadable(f"It is larger than {budget.limits.size // 1024 // 1024} MB.")
    if max(raw.count(b"\n"), raw.count(b"\r")) > budget.limits.lines:
        raise Unreadable(f"It has more than {budget.limits.lines} lines.")
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if not raw.strip(b" \t\r\n\0"):
        raise Unreadable("It is empty.")
    try:
        parser: BytesFeedParser[Part] = BytesFeedParser(budget.new_part, policy=POLICY)  # type: ignore[arg-type]  # typed for old factories
        for start in range(0, len(raw), _CHUNK):
            budget.check()
            parser.feed(raw[start : start + _CHUNK])
        return parser.close()
    except Unreadable:
        raise
    except Exception as error:
        # The parser of the standard library is not proof against hostile parameters.
        raise Unreadable(f"Its structure cannot be read ({type(error).__name__}).") from error


def body(part: Part) -> bytes:
    """The content of a part that has no parts, its transfer encoding undone."""
    encoding = part.get("Content-Transfer-Encoding", "").lower().strip().partition(";")[0].strip(" '\"")
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding if encoding.isascii() else ""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def parts_of(part: Part) -> list[Part]:
    # asked for a text, the parser would decode it in whatever charset the part names
    children = part.get_payload() if part.is_multipart() else []
    return [child for child in children if isinstance(child, Part)]


def fields(content: bytes) -> Message:
    """The headers of a mail that came within another."""
    return BytesHeaderParser(policy=POLICY).parsebytes(content[:_LONGEST_HEADER])
