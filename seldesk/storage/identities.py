"""One age identity for each customer: whoever makes copies seals to its recipient, and only its master opens it."""

from collections.abc import Sequence
from uuid import UUID

from pyrage import x25519

from seldesk.storage.errors import Damaged, Locked, Missing
from seldesk.storage.masters import Master
from seldesk.storage.place import Place
from seldesk.storage.wrapped import Alone, Wrapped, nobody_else

_PURPOSE = b"backup identity"
SUFFIX = ".backup"


class BackupIdentities:
    """For the provisioner's process, which alone has the backup master key. They outlive the content key."""

    def __init__(self, places: Sequence[Place], master: Master, former: Sequence[Master] = ()) -> None:
        self._wrapped = Wrapped(places, master, _PURPOSE, suffix=SUFFIX, former=former)

    async def create(self, customer: UUID) -> None:
        """A second call completes what the first one left undone."""
        await self._wrapped.create(customer, lambda: str(x25519.Identity.generate()).encode())

    async def recipient(self, customer: UUID) -> str:
        """To whom copies are sealed: may be known to everybody. Locked."""
        return str((await self.identity(customer)).to_public())

    async def identity(self, customer: UUID) -> x25519.Identity:
        """What opens copies; Locked when it was destroyed or never made."""
        try:
            return x25519.Identity.from_str((await self._wrapped.get(customer)).decode())
        except Missing:
            raise Locked from None
        except ValueError:
            raise Damaged from None

    async def destroy(self, customer: UUID) -> None:
        """For good: no copy of this customer opens any more."""
        await self._wrapped.destroy(customer)

    async def rewrap(self, alone: Alone = nobody_else) -> int:
        """After the master key was changed; answers how many were wrapped anew."""
        return await self._wrapped.rewrap(alone)
