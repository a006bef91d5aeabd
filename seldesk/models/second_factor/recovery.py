"""Codes to write down, each good once, for whoever has lost the other factors."""

import hmac
import re
import secrets
from hashlib import sha256
from uuid import UUID

COUNT = 10
# Without what is mistaken for something else: 32 signs, 5 bits each, 80 bits in a code.
ALPHABET = "abcdefghjkmnpqrstuvwxyz023456789"
LENGTH = 16


def new_codes() -> list[str]:
    """To be shown once: four groups of four."""
    return [_grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH))) for _ in range(COUNT)]


def recovery_fingerprint(key: bytes, owner: UUID, code: str) -> bytes:
    """What is kept of a code. The key stands elsewhere, so that who reads the table cannot try codes on it."""
    plain = re.sub(r"[\s-]", "", code).lower()
    return hmac.digest(key, b"recovery\0" + owner.bytes + plain.encode(), sha256)


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))
