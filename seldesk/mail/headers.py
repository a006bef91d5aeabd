"""What stands in a header: RFC 2047 words, RFC 2231 parameters, message ids, dates. Everything is decoded once."""

import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from seldesk.mail.characters import decode, line, unescape_bytes

ENCODED_WORD = r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?="
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r';\s*+([!#-:<>-~]{1,60})\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;]*+))', re.DOTALL)
_SEGMENT = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f-\x9f]{1,250}>")
_Q_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")


def text(raw: str, limit: int, charset: str | None = None) -> str:
    """A header for people: raw bytes and encoded words decoded, on one line."""
    return line(decode_words(unescaped(raw, charset)), limit)


def unescaped(raw: str, charset: str | None = None) -> str:
    return decode(unescape_bytes(raw), charset, []) if not raw.isascii() else raw


def decode_words(value: str) -> str:
    out: list[str] = []
    for charset, content in _runs(value):
        out.append(decode(content, charset, []) if isinstance(content, bytes) else content)
    return "".join(out)


def _runs(value: str) -> Iterator[tuple[str | None, bytes | str]]:
    """Words of one charset that stand side by side are one run: mailers cut characters in two between them."""
    end, charset, run = 0, "", b""
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        if run and (between.strip() or match[1].lower() != charset):
            yield charset, run
            run = b""
        if between.strip() or end == 0:
            yield None, between
        content = _b_bytes(match[3]) if match[2] in "bB" else _q_bytes(match[3])
        charset, end, run = match[1].lower(), match.end(), run + content
    if run:
        yield charset, run
    yield None, value[end:]


def _b_bytes(content: str) -> bytes:
    letters = re.sub(r"[^A-Za-z0-9+/]", "", content)
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + "==")


def _q_bytes(content: str) -> bytes:
    raw = content.replace("_", " ").encode("utf-8", "surrogateescape")
    return _Q_BYTE.sub(lambda match: bytes([int(match[1], 16)]), raw)


def parameters(raw: str) -> tuple[str, dict[str, str]]:
    """The value before the first semicolon, in lower case, and the parameters behind it."""
    found: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in _PARAMETER.finditer(raw):
        segment = _SEGMENT.fullmatch(match[1])
        if segment is None:
            continue
        value = _ESCAPED.sub(r"\1", match[2]) if match[2] is not None else match[3].strip()
        parts = found.setdefault(segment[1].lower(), {})
        number, extended = int(segment[2] or 0), segment[3] is not None
        # filename= beside filename*= is for readers that know no better
        if number not in parts or (extended and not parts[number][0]):
            parts[number] = extended, value
    main = line(unescaped(raw.partition(";")[0]), 100).lower()
    return main, {name: _joined(parts) for name, parts in found.items()}


def _joined(parts: dict[int, tuple[bool, str]]) -> str:
    ordered = [parts[number] for number in sorted(parts)]
    if not any(extended for extended, _ in ordered):
        return line(decode_words(unescaped("".join(value for _, value in ordered))), 1000)
    charset, content = None, b""
    for position, (extended, value) in enumerate(ordered):
        if extended and position == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw = unescape_bytes(value)
        content += unquote_to_bytes(raw) if extended else raw
    return line(decode(content, charset or None, []), 1000)


def message_ids(raw: str) -> tuple[str, ...]:
    """Well-formed ids in their order, each once: the first and the newest 99.

    Some programs, Python's own among them, write an id that is longer than a line as encoded words.
    """
    ids = list(dict.fromkeys(_MESSAGE_ID.findall(decode_words(unescaped(raw)))))
    return tuple(ids[:1] + ids[1:][-99:])


def message_id(raw: str) -> str | None:
    if found := message_ids(raw):
        return found[0]
    bare = line(unescaped(raw), 250)
    return f"<{bare}>" if re.fullmatch(r"[^<>\s]+@[^<>\s]+", bare) else None


def date(raw: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(line(unescaped(raw), 200))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
