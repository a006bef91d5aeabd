import hmac
from hashlib import sha256
from uuid import UUID

from seldesk.models.offer import Offer
from seldesk.storage.envelope import seal, unseal
from seldesk.storage.errors import Damaged
from seldesk.surroundings import surroundings

PURPOSE = b"authenticator"


class StaffOffer(Offer, table="staff_offers", schema="control"):
    """What one browser of the staff was shown to prove or enrol itself by."""

    @classmethod
    async def sealed(cls, place: UUID, secret: str) -> bytes:
        return seal(_key(), secret.encode(), PURPOSE, place.bytes)

    @classmethod
    async def unsealed(cls, place: UUID, content: bytes) -> str | None:
        try:
            return unseal(_key(), content, PURPOSE, place.bytes).decode()
        except Damaged:
            return None


def _key() -> bytes:
    return hmac.digest(surroundings().signing_key, b"staff authenticators", sha256)
