"""Small secrets that rows of the customer's database keep: what second factors make their codes from."""

from uuid import UUID

from seldesk.storage.envelope import seal, unseal
from seldesk.storage.errors import Locked
from seldesk.storage.keys import ContentKeys

_PURPOSE = b"secret"


class Secrets:
    def __init__(self, keys: ContentKeys) -> None:
        self._keys = keys

    async def seal(self, customer: UUID, label: str, secret: bytes) -> bytes:
        """The label says where the secret belongs, "authenticator <id>" say; nowhere else does it open."""
        version, key = (await self._keys.get(customer)).sealing
        return seal(key, secret, _PURPOSE, customer.bytes + label.encode(), version)

    async def version(self, customer: UUID) -> int:
        """Of the key that seals from now on; what is sealed says its own in its head."""
        return (await self._keys.get(customer, fresh=True)).sealing[0]

    async def open(self, customer: UUID, label: str, sealed: bytes) -> bytes:
        """The secret; Damaged when it was changed or belongs elsewhere, Locked when the key is gone."""
        try:
            key = (await self._keys.get(customer)).opening(sealed)
        except Locked:
            # Of a version that was made since this process looked.
            key = (await self._keys.get(customer, fresh=True)).opening(sealed)
        return unseal(key, sealed, _PURPOSE, customer.bytes + label.encode())
