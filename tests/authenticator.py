"""A passkey in software: what a security key does, as far as the standard asks for it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """Holds one key for one host. What a browser would refuse to do it does: it is what attackers have."""

    host: str
    origin: str
    verifies: bool = True
    uses: int = 0
    id: bytes = field(default_factory=lambda: token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str) -> str:
        """What navigator.credentials.create() answers."""
        numbers = self.key.public_key().public_numbers()
        # {1: EC2, 3: ES256, -1: P-256, -2: x, -3: y} in CBOR
        x, y = numbers.x.to_bytes(32), numbers.y.to_bytes(32)
        public = bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y
        attested = self._data(ATTESTED) + bytes(16) + len(self.id).to_bytes(2) + self.id + public
        attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(attested)]) + attested
        response = {"clientDataJSON": self._client("webauthn.create", options), "attestationObject": _text(attestation)}
        return self._credential(response)

    def get(self, options: str) -> str:
        """What navigator.credentials.get() answers."""
        self.uses += 1
        data, client = self._data(0), self._client("webauthn.get", options)
        signed = data + sha256(_bytes(client)).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._credential(
            {"clientDataJSON": client, "authenticatorData": _text(data), "signature": _text(signature)}
        )

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4)

    def _client(self, type: str, options: str) -> str:
        challenge = json.loads(options)["challenge"]
        return _text(json.dumps({"type": type, "challenge": challenge, "origin": self.origin}).encode())

    def _credential(self, response: dict[str, Any]) -> str:
        return json.dumps({"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response})


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
