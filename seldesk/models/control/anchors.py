"""Where the customers' chains ended at which time: said in the operator's log, where nobody can take it back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from seldesk.models.control.operator_log import OperatorEntry

Shape = TypeVar("Shape")
ANCHORED, CHECKED, ACCEPTED, RECOVERED = "chains anchored", "chains checked", "seam accepted", "recoveries.begin"
# The control database alone came from a copy: of the customers' chains each still comes as far as it did.
ALONE = "recoveries.settle"
AT_ONCE = 50  # entries


@dataclass(frozen=True, slots=True)
class Said:
    """An entry: ends by customer, or the customer of whom the ends before it count no more."""

    number: int
    kind: str
    customer: UUID | None
    objects: dict[str, str]


def anchor(heads: Mapping[UUID, tuple[int, bytes]]) -> None:
    """Writes down how many entries each chain has, and the hash of its last."""
    if heads:
        told = {str(customer): f"{count}:{hash.hex()}" for customer, (count, hash) in heads.items()}
        OperatorEntry.record(ANCHORED, objects=told)


async def since() -> int:
    """Behind which entry the ends count: all were held against the chains before, or everything was restored."""
    entry = OperatorEntry
    good = entry.where(entry.kind == CHECKED, entry.outcome == "done").order_by(entry.number.desc()).limit(1)
    anew = entry.where(entry.kind == RECOVERED).order_by(entry.number.desc()).limit(1)
    checked, recovered = await good.first(), await anew.first()
    return max(checked.objects["until"] if checked else 0, recovered.number if recovered else 0)


async def said(after: int) -> list[Said]:
    """The next ones, the oldest first."""
    entry = OperatorEntry
    listed = entry.where(entry.number > after, entry.kind.in_((ANCHORED, ACCEPTED))).order_by(entry.number)
    columns = {"number": entry.number, "kind": entry.kind, "customer": entry.customer_id, "objects": entry.objects}
    return await listed.limit(AT_ONCE).into(Said, **columns)


def ends(objects: Mapping[str, str]) -> Iterable[tuple[UUID, int, bytes]]:
    for customer, end in objects.items():
        count, _, hash = end.partition(":")
        yield UUID(customer), int(count), bytes.fromhex(hash)


async def own_since() -> datetime | None:
    """From when on what other places keep of the end of the operator's own log counts."""
    entry = OperatorEntry
    own = entry.kind.in_((RECOVERED, ALONE)) | ((entry.kind == ACCEPTED) & entry.customer_id.is_(None))
    found = await entry.where(own).order_by(entry.number.desc()).limit(1).first()
    return found.happened_at if found else None


def record(*, until: int, looked: int, missed: int, wrong: int) -> None:
    """That the chains were looked at. Only where all of them were, and are whole, need it not be done again."""
    outcome = "failed" if wrong else "partly" if missed else "done"
    told = {"until": until, "looked": looked, "missed": missed, "wrong": wrong}
    OperatorEntry.record(CHECKED, outcome=outcome, objects=told)


def accept(staff: UUID, customer: UUID | None, reason: str, address: str) -> None:
    """One of the staff knows why this chain ends earlier than it did: it counts from here on as it is."""
    facts = {"reason": reason, "address": address}
    OperatorEntry.record(ACCEPTED, staff_id=staff, customer_id=customer, facts=facts)


async def last_check(shape: type[Shape]) -> Shape | None:
    entry = OperatorEntry
    newest = entry.where(entry.kind == CHECKED).order_by(entry.number.desc()).limit(1)
    columns = {"at": entry.happened_at, "outcome": entry.outcome, "objects": entry.objects}
    rows = await newest.into(shape, **columns)
    return rows[0] if rows else None


async def newest_at() -> datetime | None:
    entry = OperatorEntry
    found = await entry.where(entry.kind == ANCHORED).order_by(entry.number.desc()).limit(1).first()
    return found.happened_at if found else None
