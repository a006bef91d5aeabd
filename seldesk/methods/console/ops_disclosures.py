"""What authorities want to have of a customer, and whether it may be handed over. Nothing of the data is seen here."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

import rpc
from seldesk.caller import Caller
from seldesk.methods.console.frames import Frame, frame
from seldesk.models import control as models

STAFF = (rpc.Kind.STAFF,)
PERMISSION = "console.disclosures"
Said = Annotated[str, Meta(min_length=20, max_length=5_000)]


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """bar_until is a day, None without an end. begun_at: an export was begun; exported_at: it was whole, and sha256 is
    what was handed over.
    """

    id: UUID
    slug: str
    name: str
    authority: str
    reference: str
    wanted: str
    opened_at: datetime
    noticed_at: datetime | None
    notice: str
    barred_at: datetime | None
    bar: str
    bar_until: datetime | None
    begun_at: datetime | None
    exported_at: datetime | None
    sha256: str
    closed_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class DisclosuresPage:
    frame: Frame
    items: list[DisclosureRow]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class DisclosurePage:
    frame: Frame
    disclosure: DisclosureRow


@rpc.public(PERMISSION, kinds=STAFF, realm="control", reads=True)
async def page(caller: Caller, cursor: str | None = None) -> DisclosuresPage:
    """All that the list shows, the newest first."""
    found = await models.Disclosure.listed(DisclosureRow, cursor)
    return DisclosuresPage(frame(caller), found.items, found.next, found.previous)


@rpc.public(PERMISSION, kinds=STAFF, realm="control", reads=True)
async def read(caller: Caller, disclosure: UUID) -> DisclosurePage:
    """One of them, with all that was recorded."""
    return DisclosurePage(frame(caller), await models.Disclosure.one(disclosure, DisclosureRow))


@rpc.public(PERMISSION, kinds=STAFF, realm="control")
async def open(caller: Caller, slug: rpc.Line, authority: rpc.Line, reference: rpc.Line, wanted: Said) -> UUID:
    """Write down what was asked, by whom, and on what ground."""
    made = await models.Disclosure.open(slug, authority, reference, wanted, caller.id)
    models.OperatorEntry.note(
        caller, caller.id, "disclosure opened", reference, customer=made.customer_id, disclosure=made.id
    )
    return made.id


@rpc.public(PERMISSION, kinds=STAFF, realm="control")
async def notice(caller: Caller, disclosure: UUID, how: Said) -> None:
    """The customer was told, and this is how."""
    found = await models.Disclosure.locked(disclosure)
    found.record_notice(how)
    models.OperatorEntry.note(
        caller,
        caller.id,
        "customer told of disclosure",
        found.reference,
        customer=found.customer_id,
        disclosure=found.id,
    )


@rpc.public(PERMISSION, kinds=STAFF, realm="control")
async def bar(caller: Caller, disclosure: UUID, basis: Said, until: date | None = None) -> None:
    """A law or an order forbids telling the customer, until that day."""
    found = await models.Disclosure.locked(disclosure)
    found.record_bar(basis, until)
    models.OperatorEntry.note(
        caller, caller.id, "bar of notice recorded", found.reference, customer=found.customer_id, disclosure=found.id
    )


@rpc.public(PERMISSION, kinds=STAFF, realm="control")
async def close(caller: Caller, disclosure: UUID, outcome: Said) -> None:
    """It is over: handed over, refused, or taken back."""
    found = await models.Disclosure.locked(disclosure)
    found.close(outcome)
    models.OperatorEntry.note(
        caller, caller.id, "disclosure closed", found.reference, customer=found.customer_id, disclosure=found.id
    )
