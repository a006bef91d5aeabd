"""MIME by hand, so that the same mail is the same bytes with every version of Python."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from urllib.parse import quote

from seldesk.mail.address import Mailbox, is_address
from seldesk.mail.characters import line

_ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_WORD_BYTES = 45
_SEGMENT = 60


class Unsendable(ValueError):
    """This cannot be written into a mail."""


def header(name: str, value: str) -> bytes:
    """value is folded already. A line break in it would be a header of somebody else's."""
    if not value.isascii() or re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n )|(?<!\r)\n", value):
        raise Unsendable(f"{name} holds characters that no header may have.")
    return f"{name}: {value}\r\n".encode("ascii")


def words(text: str, limit: int = 255) -> str:
    """Text for people, as RFC 2047 words where it needs them."""
    text = line(text, limit)
    if text.isascii() and "=?" not in text:
        return text
    pieces, piece = list[str](), ""
    for letter in text:
        if len((piece + letter).encode()) > _WORD_BYTES:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(p.encode()).decode()}?=" for p in (*pieces, piece))


def people(mailboxes: Iterable[Mailbox]) -> str:
    return ",\r\n ".join(_person(mailbox) for mailbox in mailboxes)


def _person(mailbox: Mailbox) -> str:
    local, _, domain = mailbox.address.rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        address = ""
    if not is_address(address) or not address.isascii():
        raise Unsendable(f"No mail can be sent to {line(mailbox.address, 100)!r}.")
    name = line(mailbox.name, 100)
    if not name:
        return address
    if not name.isascii() or "=?" in name:
        return f"{words(name)} <{address}>"
    if not _ATOMS.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{address}>"


def text_part(subtype: str, text: str) -> bytes:
    content = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").encode("utf-8", "replace") + b"\n"
    if sum(byte > 126 for byte in content) * 4 < len(content):
        encoding, body = "quoted-printable", binascii.b2a_qp(content, istext=True).replace(b"\n", b"\r\n")
    else:
        encoding, body = "base64", _base64(content.replace(b"\n", b"\r\n"))
    return (
        header("Content-Type", f'text/{subtype}; charset="utf-8"')
        + header("Content-Transfer-Encoding", encoding)
        + b"\r\n"
        + body
    )


def file_part(name: str, kind: str, content: bytes) -> bytes:
    """A mail or a multipart may not be encoded, so such a file goes out as bytes without a meaning."""
    kind = "application/octet-stream" if kind.startswith(("message/", "multipart/")) else kind
    return (
        header("Content-Type", kind)
        + header("Content-Transfer-Encoding", "base64")
        + header("Content-Disposition", f"attachment;\r\n {_filename(name)}")
        + b"\r\n"
        + _base64(content)
    )


def multipart(subtype: str, seed: str, parts: Sequence[bytes]) -> bytes:
    """The boundary comes from seed; its first two characters cannot stand in what is encoded."""
    boundary = "=_" + sha256(f"{subtype}\0{seed}".encode()).hexdigest()[:40]
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    head = header("Content-Type", f'multipart/{subtype};\r\n boundary="{boundary}"')
    return head + b"\r\n" + body + b"--%s--\r\n" % boundary.encode()


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _filename(name: str) -> str:
    """RFC 2231, in segments that fit on lines."""
    if re.fullmatch(r"[A-Za-z0-9 ._()-]{1,60}", name):
        return f'filename="{name}"'
    pieces, piece = list[str](), "utf-8''"
    for letter in name:
        encoded = quote(letter, safe="", errors="replace")
        if len(piece) + len(encoded) > _SEGMENT:
            pieces.append(piece)
            piece = ""
        piece += encoded
    return ";\r\n ".join(f"filename*{number}*={part}" for number, part in enumerate((*pieces, piece)))
