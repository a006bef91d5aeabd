"""AES-256-GCM with a two-byte header: the format, and the version of the key."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seldesk.storage.errors import Damaged

KEY_SIZE = 32
FORMAT = 1
FIRST_VERSION = 1
HEADER_SIZE = 2
_NONCE_SIZE = 12
_TAG_SIZE = 16
OVERHEAD = HEADER_SIZE + _NONCE_SIZE + _TAG_SIZE


def seal(key: bytes, content: bytes, purpose: bytes, place: bytes, version: int = FIRST_VERSION) -> bytes:
    """Bound to the purpose, the place and the key's version: none can be exchanged without its being noticed."""
    nonce, header = secrets.token_bytes(_NONCE_SIZE), bytes([FORMAT, version])
    return header + nonce + AESGCM(key).encrypt(nonce, content, _associated(header, purpose, place))


def unseal(key: bytes, sealed: bytes, purpose: bytes, place: bytes) -> bytes:
    """The content, whole and unchanged; Damaged otherwise."""
    version_of(sealed)
    if len(sealed) < OVERHEAD:
        raise Damaged
    header, nonce = sealed[:HEADER_SIZE], sealed[HEADER_SIZE : HEADER_SIZE + _NONCE_SIZE]
    try:
        return AESGCM(key).decrypt(nonce, sealed[HEADER_SIZE + _NONCE_SIZE :], _associated(header, purpose, place))
    except InvalidTag:
        raise Damaged from None


def version_of(sealed: bytes) -> int:
    """Which version of its key opens this, as its first bytes say; Damaged when they are none of ours."""
    if len(sealed) < HEADER_SIZE or sealed[0] != FORMAT or sealed[1] < FIRST_VERSION:
        raise Damaged
    return sealed[1]


def _associated(header: bytes, purpose: bytes, place: bytes) -> bytes:
    return header + len(purpose).to_bytes(2) + purpose + place
