from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

import orm
import rpc
from seldesk.errors import AddressTaken
from seldesk.mail.thread import Threading
from seldesk.models.desk.person import normalised
from seldesk.models.unique import written
from seldesk.surroundings import surroundings

MOST = 200
LARGEST_NUMBER = 2**31 - 1


def threading() -> Threading:
    """What signs this customer's addresses and Message-IDs."""
    around = surroundings()
    return Threading(around.signer.key, around.addresses.mail_domain(around.customer.slug))


class Mailbox(orm.Model, table="mailboxes", schema="app"):
    """An address at which requesters reach this customer. signature is plain text under every reply. What a requester
    writes reopens a ticket for so many days after it was closed, 0 is for ever; later it begins a new one, linked with
    the old one.
    """

    id: orm.Column[UUID] = orm.key()
    address: orm.Column[str] = orm.text(unique=True)
    name: orm.Column[str] = orm.text()
    signature: orm.Column[str] = orm.text(default="")
    reopens_for: orm.Column[int] = orm.integer(default=0)
    created_at: orm.Column[datetime] = orm.time()

    @classmethod
    async def create(cls, address: str, name: str) -> Self:
        around = surroundings()
        domain = around.addresses.mail_domain(around.customer.slug)
        spelt = normalised(address if "@" in address else f"{address.strip()}@{domain}")
        if not spelt.endswith("@" + domain) or "+" in spelt:
            raise rpc.Invalid(fields={"address": f"The address must end in @{domain} and have no plus sign."})
        try:
            threading().plus_address(spelt, LARGEST_NUMBER)
        except ValueError:
            raise rpc.Invalid(fields={"address": "The part before the @ is too long for numbers of tickets."}) from None
        if await cls.query().count_up_to(MOST) >= MOST:
            raise rpc.Conflict(f"A helpdesk has at most {MOST} mailboxes.")
        mailbox = cls.add(address=spelt, name=name, created_at=around.now)
        await written(AddressTaken)
        return mailbox

    @classmethod
    async def find(cls, recipient: str) -> Self | None:
        """The mailbox behind an address as senders write it, a ticket's plus-address included."""
        local, _, domain = recipient.strip().lower().rpartition("@")
        return await cls.where(cls.address == f"{local.partition('+')[0]}@{domain}").first()

    @classmethod
    async def addresses(cls) -> list[str]:
        return [mailbox.address for mailbox in await cls.query().limit(MOST).all()]

    @classmethod
    async def at(cls, recipient: str) -> Self:
        found = await cls.find(recipient)
        if found is None:
            raise rpc.NotFound("There is no such mailbox.")
        return found

    @property
    def signed(self) -> str:
        """What stands under a reply."""
        return self.signature or self.name

    @classmethod
    async def first_one(cls) -> Self | None:
        return await cls.query().order_by(cls.created_at, cls.id).limit(1).first()

    @classmethod
    async def first_id(cls) -> UUID | None:
        """The same, for the many who want no more of it."""
        found = await _first().read()
        return found[0].id if found else None


@dataclass(frozen=True, slots=True)
class _Named:
    id: UUID


@orm.kept
def _first() -> orm.Prepared[_Named]:
    return orm.Prepared(Mailbox.query().order_by(Mailbox.created_at, Mailbox.id).limit(1), _Named, id=Mailbox.id)
