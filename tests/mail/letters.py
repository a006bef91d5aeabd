"""Mails as they come, written down by hand: what is wrong with them stays wrong."""

from seldesk.mail.parse import Mail, parse

CLEO = "Cleo Klein <cleo@acme.example>"


def letter(*fields: str | bytes, body: str | bytes = "Hello\r\n", sender: str | None = CLEO) -> bytes:
    head = [f"From: {sender}"] if sender is not None else []
    lines = [field.encode() if isinstance(field, str) else field for field in (*head, *fields)]
    content = body.encode() if isinstance(body, str) else body
    return b"\r\n".join(lines) + b"\r\n\r\n" + content


def read(*fields: str | bytes, body: str | bytes = "Hello\r\n", sender: str | None = CLEO) -> Mail:
    return parse(letter(*fields, body=body, sender=sender))


def parted(kind: str, *parts: bytes, fields: tuple[str, ...] = (), parameters: str = "") -> bytes:
    content = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return letter(*fields, f'Content-Type: multipart/{kind}; boundary="edge"{parameters}', body=content)


def part(kind: str, content: str | bytes, *fields: str) -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    return "\r\n".join((f"Content-Type: {kind}", *fields)).encode() + b"\r\n\r\n" + raw
