"""What is derived from the master keys. Nothing of it is stored."""

import hmac
from hashlib import sha256


def derived(key: bytes, purpose: str) -> bytes:
    """One master key serves several purposes, each with a key of its own."""
    return hmac.digest(key, purpose.encode(), sha256)


def role_password(key: bytes, role: str, version: int = 1) -> str:
    """A role's password: always the same for the same key."""
    return derived(key, f"role:{role}:{version}").hex()
