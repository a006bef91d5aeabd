"""AES-256-GCM with a two-byte header: the format, and the version of the key."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from seldesk.storage.errors import Damaged

KEY_SIZE = 32
FORMAT = 1
KEY_VERSION = 1
_HEADER = bytes([FORMAT, KEY_VERSION])
_NONCE_SIZE = 12
_TAG_SIZE = 16
OVERHEAD = len(_HEADER) + _NONCE_SIZE + _TAG_SIZE


def seal(key: bytes, content: bytes, purpose: bytes, place: bytes) -> bytes:
    """Bound to the purpose and the place: neither can be exchanged without its being noticed."""
    nonce = secrets.token_bytes(_NONCE_SIZE)
    return _HEADER + nonce + AESGCM(key).encrypt(nonce, content, _associated(purpose, place))


def unseal(key: bytes, sealed: bytes, purpose: bytes, place: bytes) -> bytes:
    """The content, whole and unchanged; Damaged otherwise."""
    if len(sealed) < OVERHEAD or not sealed.startswith(_HEADER):
        raise Damaged
    nonce, rest = sealed[len(_HEADER) : len(_HEADER) + _NONCE_SIZE], sealed[len(_HEADER) + _NONCE_SIZE :]
    try:
        return AESGCM(key).decrypt(nonce, rest, _associated(purpose, place))
    except InvalidTag:
        raise Damaged from None


def _associated(purpose: bytes, place: bytes) -> bytes:
    return _HEADER + len(purpose).to_bytes(2) + purpose + place
