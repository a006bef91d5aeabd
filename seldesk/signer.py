"""Signed tokens, such as the links in mails."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

import rpc


class Signer:
    """Short tokens that only this customer's door takes: purpose, content and end are signed together."""

    def __init__(self, key: bytes, customer: UUID) -> None:
        self.key = hmac.digest(key, b"customer:" + customer.bytes, sha256)

    def sign(self, purpose: str, content: Mapping[str, Any], until: datetime) -> str:
        payload = {**content, "until": int(until.timestamp())}
        return str(self._serializer(purpose).dumps(payload))

    def read(self, purpose: str, token: str, now: datetime) -> dict[str, Any]:
        """The content; NotFound for a token that is forged, meant for something else, or too old."""
        if len(token) > 2000:
            raise rpc.NotFound
        try:
            content = self._serializer(purpose).loads(token)
        except BadData:
            raise rpc.NotFound from None
        if content.pop("until") < now.timestamp():
            raise rpc.NotFound
        return dict(content)

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.key, salt=purpose, signer_kwargs={"digest_method": sha256})
