"""How a customer stops and goes: suspended, terminated, taken back, erased."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID

import orm
from seldesk.errors import Busy, NotLikeThis, TooLateToReturn
from seldesk.models.control.copy import Copy
from seldesk.models.control.customer import Customer
from seldesk.models.control.disclosure import Disclosure
from seldesk.models.control.download import Download
from seldesk.models.control.job import Job
from seldesk.models.control.lease import Lease
from seldesk.models.control.operation import Operation
from seldesk.models.control.outbox import Outbox
from seldesk.models.control.register import LONGEST
from seldesk.models.control.wakeup import Wakeup
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
Erasing = Literal["clean-up", "asked", "at once"]
By = Literal["owner", "operator"]
MONTHS, HOUR = (1, 7), 3
NOTICE = timedelta(days=14)
# The daily run finds it within a day: after 30 days it is done.
ASKED = timedelta(days=29)


def next_clean_up(after: datetime) -> datetime:
    """1 January or 1 July, 03:00 UTC, whichever comes first after that moment."""
    days = (datetime(year, month, 1, HOUR, tzinfo=UTC) for year in (after.year, after.year + 1) for month in MONTHS)
    return next(day for day in days if day > after)


def last_clean_up(now: datetime) -> datetime:
    """The one that is due at this moment, or was last."""
    days = [datetime(year, month, 1, HOUR, tzinfo=UTC) for year in (now.year - 1, now.year) for month in MONTHS]
    return max(day for day in days if day <= now)


async def suspend(customer: UUID, reason: str, by: By) -> None:
    """From now on it can only be read."""
    held = await _held(customer)
    if held.state not in ("active", "suspended") or (held.state == "suspended" and by == "owner"):
        raise NotLikeThis("Only an active customer can be suspended.")
    held.state, held.suspended_for, held.suspended_by = "suspended", reason, by
    await Customer.announce(held.id)


async def reactivate(customer: UUID, by: By) -> None:
    """Out of a suspension, or back from a termination. What the operator suspended the operator alone reactivates."""
    held = await _held(customer)
    if held.state == "terminated":
        return await _take_back(held)
    if held.state in ("purging", "purged"):
        raise TooLateToReturn
    if held.state != "suspended":
        raise NotLikeThis("This customer is not suspended.")
    if by == "owner" and held.suspended_by == "trial":
        raise NotLikeThis("The trial is over: choose a plan, and this helpdesk is open again.")
    if by == "owner" and held.suspended_by != "owner":
        raise NotLikeThis("The operator has suspended this helpdesk, and the operator alone can end that.")
    held.state, held.suspended_for, held.suspended_by = "active", "", ""
    await Customer.announce(held.id)


async def terminate(customer: UUID, erasing: Erasing) -> datetime:
    """Nothing of it can be reached from now on. Answers when its data goes; until then it may be taken back. Of one
    that was terminated before, the data can be made to go sooner.
    """
    held, now = await _held(customer), surroundings().now
    when = {"clean-up": next_clean_up(now), "asked": now + ASKED, "at once": now}
    if held.state in ("active", "suspended"):
        held.state, held.terminated_at, held.closed_at = "terminated", now, None
        # With so little time left the letter that says so now is the notice.
        held.noticed_at = now if when[erasing] <= now + NOTICE else None
    elif held.state != "terminated" or held.erase_at is None or held.erase_at <= when[erasing]:
        raise NotLikeThis("This customer is terminated already, or not finished yet.")
    held.erase_at, held.erasure_asked = when[erasing], erasing != "clean-up"
    # What is to go at once and has to wait is found by the job.
    if erasing == "at once" and held.primary_email:
        await Outbox.post_erasing(held.slug, held.primary_name, held.primary_email)
    if erasing != "at once" or not await begin_purge(held):
        await Job.ask_for("departures", f"{held.id}:{now.isoformat()}")
    await Customer.announce(held.id)
    return when[erasing]


async def take_back(customer: UUID, terminated_at: datetime) -> None:
    """By the owner's link, which is meant for this one termination."""
    held = await _held(customer)
    if held.state in ("purging", "purged"):
        raise TooLateToReturn
    if held.state != "terminated" or held.terminated_at != terminated_at:
        raise NotLikeThis("This link was used already.")
    await _take_back(held)


async def _take_back(held: Customer) -> None:
    """As it was before: what was suspended then still is."""
    held.state = "suspended" if held.suspended_by else "active"
    held.terminated_at = held.closed_at = held.noticed_at = held.erase_at = None
    held.erasure_asked = False
    await Customer.announce(held.id)


async def begin_purge(held: Customer) -> bool:
    """The point of no return: whoever comes back later finds it closed. False while something else, a move say, is
    being done with this customer: then it is tried again.
    """
    try:
        await Lease.ask(held.id, "purge")
    except Busy:
        return False
    # Who makes a file of it stops, and no link to one is left; the files go with all others.
    await Download.forget(held.id)
    held.state, held.purging_at, held.erasure = "purging", surroundings().now, orm.uuid7()
    return True


async def begin_due() -> tuple[int, int]:
    """All whose time has come: how many of them begin to go, and how many must wait. A customer that comes back at
    this moment is waited for, and stays.
    """
    due = Customer.where(Customer.state == "terminated", Customer.erase_at <= surroundings().now)
    found = await due.order_by(Customer.id).limit(10_000).lock().all()
    begun = [customer for customer in found if await begin_purge(customer)]
    if begun:
        await Customer.announce()
    return len(begun), len(found) - len(begun)


async def forget() -> int:
    """The addresses of those whose last copy is gone: they can be taken again. The ledger keeps their ids."""
    gone = Customer.where(
        Customer.state == "purged",
        Customer.purging_at < surroundings().now - LONGEST,
        ~orm.exists(Copy.where(Copy.customer_id == Customer.id)),
    )
    for customer in await gone.limit(1000).all():
        await Wakeup.where(Wakeup.customer_id == customer.id).delete()
        await Disclosure.forget_words(customer.id)
        await Operation.where(Operation.customer_id == customer.id).delete()
    return await gone.delete()


async def leaving(shape: type[Shape], until: datetime, limit: int = 100_000) -> list[Shape]:
    """Who has left and goes until then, the first to go first."""
    gone = Customer.where(Customer.state.in_(("terminated", "purging")), Customer.erase_at <= until)
    return await gone.order_by(Customer.erase_at, Customer.id).limit(limit).into(shape, **columns())


async def page_of_leaving(shape: type[Shape], until: datetime, cursor: str | None) -> orm.Page[Shape]:
    """The same, page by page."""
    gone = Customer.where(Customer.state.in_(("terminated", "purging")), Customer.erase_at <= until)
    by = (orm.coalesce(Customer.erase_at, Customer.created_at), Customer.id)
    return await gone.page(shape, by=by, size=50, cursor=cursor, descending=False, **dict[str, Any](columns()))


async def number_leaving(until: datetime) -> int:
    gone = Customer.where(Customer.state.in_(("terminated", "purging")), Customer.erase_at <= until)
    return await gone.count_up_to(100_000)


async def unclosed(shape: type[Shape]) -> list[Shape]:
    """Those whose sessions are still to be ended, and whose owners are still to be told."""
    gone = Customer.where(Customer.state == "terminated", Customer.closed_at.is_(None))
    return await gone.order_by(Customer.terminated_at).limit(1000).into(shape, **columns())


async def unnoticed(shape: type[Shape]) -> list[Shape]:
    """Those who go within 14 days and are still to be told so."""
    gone = Customer.where(
        Customer.state == "terminated",
        Customer.noticed_at.is_(None),
        Customer.erase_at <= surroundings().now + NOTICE,
    )
    return await gone.order_by(Customer.erase_at).limit(1000).into(shape, **columns())


async def closed(customer: UUID, terminated_at: datetime) -> None:
    await _of(customer, terminated_at).update(closed_at=surroundings().now)


async def noticed(customer: UUID, terminated_at: datetime) -> None:
    await _of(customer, terminated_at).update(noticed_at=surroundings().now)


def columns() -> dict[str, orm.Expression]:
    return {
        "id": Customer.id,
        "slug": Customer.slug,
        "name": Customer.name,
        "state": Customer.state,
        "terminated_at": Customer.terminated_at,
        "erase_at": Customer.erase_at,
        "asked": Customer.erasure_asked,
    }


def _of(customer: UUID, terminated_at: datetime) -> "orm.Query[Customer]":
    """That one termination: who came back and left again meanwhile is told again."""
    return Customer.where(
        Customer.id == customer, Customer.state == "terminated", Customer.terminated_at == terminated_at
    )


async def _held(customer: UUID) -> Customer:
    return await Customer.where(Customer.id == customer).lock().one()
