"""Small secrets that rows of the customer's database keep: mailbox passwords, webhook keys, factor seeds."""

from uuid import UUID

from seldesk.storage.envelope import seal, unseal
from seldesk.storage.keys import ContentKeys

_PURPOSE = b"secret"


class Secrets:
    def __init__(self, keys: ContentKeys) -> None:
        self._keys = keys

    async def seal(self, customer: UUID, label: str, secret: bytes) -> bytes:
        """The label says where the secret belongs, "mailbox <id> password" say; nowhere else does it open."""
        return seal(await self._keys.get(customer), secret, _PURPOSE, customer.bytes + label.encode())

    async def open(self, customer: UUID, label: str, sealed: bytes) -> bytes:
        """The secret; Damaged when it was changed or belongs elsewhere, Locked when the key is gone."""
        return unseal(await self._keys.get(customer), sealed, _PURPOSE, customer.bytes + label.encode())
