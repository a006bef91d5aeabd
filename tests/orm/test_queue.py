import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

import orm
from orm.testing import Server
from tests.orm.desk import NOW, Outbox, connected, emptied

LEASE = timedelta(minutes=1)


@pytest.fixture
async def tenants(server: Server) -> AsyncIterator[orm.Tenants]:
    async with connected(await emptied(server)) as tenants:
        yield tenants


async def enqueue(tenants: orm.Tenants, *kinds: str, group: str | None = None, due: datetime | None = None) -> None:
    async with tenants.transaction("acme"):
        for kind in kinds:
            await Outbox.enqueue(kind, {"to": kind}, now=NOW, due=due, group=group)


async def claim(tenants: orm.Tenants, limit: int = 10, *, now: datetime = NOW) -> list[orm.Claimed]:
    async with tenants.transaction("acme"):
        return await Outbox.claim(limit, now=now, lease=LEASE)


async def finish(tenants: orm.Tenants, claimed: orm.Claimed, *, now: datetime = NOW) -> None:
    async with tenants.transaction("acme"):
        await Outbox.done(claimed.id, claimed.lease, now=now)


async def states(tenants: orm.Tenants) -> dict[str, str]:
    async with tenants.transaction("acme"):
        return {task.kind: task.state for task in await Outbox.query().order_by(Outbox.number).all()}


def kinds(claimed: list[orm.Claimed]) -> list[str]:
    return [task.kind for task in claimed]


async def test_work_is_claimed_once_and_done(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "a", "b")
    first, second = await claim(tenants)
    assert (first.kind, first.payload, first.attempts, first.repeated) == ("a", {"to": "a"}, 1, False)
    assert await claim(tenants) == []
    await finish(tenants, first)
    assert await states(tenants) == {"a": "done", "b": "running"}
    async with tenants.transaction("acme"):
        stored = await Outbox.get(first.id)
        assert (stored.finished_at, stored.lease, stored.lease_until, stored.error) == (NOW, None, None, None)
        assert (await Outbox.get(second.id)).lease_until == NOW + LEASE


async def test_work_whose_transaction_fails_never_was(tenants: orm.Tenants) -> None:
    async def fail() -> None:
        async with tenants.transaction("acme"):
            await Outbox.enqueue("a", {}, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await claim(tenants) == []


async def test_work_is_not_claimed_before_it_is_due(tenants: orm.Tenants) -> None:
    later = NOW + timedelta(hours=1)
    await enqueue(tenants, "later", due=later)
    await enqueue(tenants, "now")
    assert kinds(await claim(tenants)) == ["now"]
    assert kinds(await claim(tenants, now=later - timedelta(microseconds=1))) == ["now"]  # its lease has run out
    assert kinds(await claim(tenants, now=later)) == ["later"]


async def test_what_is_due_first_is_claimed_first(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "b", "c")
    await enqueue(tenants, "a", due=NOW - timedelta(seconds=1))
    assert kinds(await claim(tenants, 2)) == ["a", "b"]
    assert kinds(await claim(tenants, 2)) == ["c"]


async def test_two_claimers_never_get_the_same(tenants: orm.Tenants) -> None:
    await enqueue(tenants, *map(str, range(30)))
    batches = await asyncio.gather(*(claim(tenants, 4) for _ in range(10)))
    got = [task.kind for batch in batches for task in batch]
    assert sorted(got, key=int) == list(map(str, range(30)))


async def test_a_claim_does_not_wait_for_another_that_is_not_committed(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "a", "b")
    async with tenants.transaction("acme"):
        assert kinds(await Outbox.claim(1, now=NOW, lease=LEASE)) == ["a"]
        assert kinds(await claim(tenants)) == ["b"]


async def test_the_same_key_is_enqueued_once(tenants: orm.Tenants) -> None:
    async def once() -> UUID | None:
        async with tenants.transaction("acme"):
            return await Outbox.enqueue("nightly", {}, now=NOW, key="nightly 2026-03-02")

    added = await asyncio.gather(*(once() for _ in range(8)))
    assert len([id for id in added if id is not None]) == 1
    (task,) = await claim(tenants)
    assert (task.id, task.key) == (next(id for id in added if id is not None), "nightly 2026-03-02")
    await finish(tenants, task)
    assert await once() is None
    async with tenants.transaction("acme") as opened:
        assert await Outbox.enqueue("nightly", {}, now=NOW, key="nightly 2026-03-02") is None
    assert opened.woken is None
    await enqueue(tenants, "no key", "no key")
    assert len(await claim(tenants)) == 2


async def test_of_a_group_one_after_another_is_claimed(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "7.1", "7.2", "7.3", group="ticket 7")
    await enqueue(tenants, "8.1", group="ticket 8")
    await enqueue(tenants, "alone")
    batch = await claim(tenants)
    assert kinds(batch) == ["7.1", "8.1", "alone"]
    assert await claim(tenants) == []
    async with tenants.transaction("acme"):
        later = NOW + timedelta(minutes=10)
        await Outbox.retry(batch[0].id, batch[0].lease, now=NOW, due=later, error="451 try later")
    assert await claim(tenants) == []  # the second waits for the first, however long that is put off
    *_, again = await claim(tenants, now=later)
    assert (again.kind, again.attempts, again.repeated) == ("7.1", 2, False)
    async with tenants.transaction("acme"):
        await Outbox.dead(again.id, again.lease, now=later, error="550 no such user")
    assert "7.2" in kinds(await claim(tenants, now=later))


async def test_of_a_group_two_claimers_get_one(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "1", "2", "3", group="ticket 7")
    async with tenants.transaction("acme"):
        assert kinds(await Outbox.claim(5, now=NOW, lease=LEASE)) == ["1"]
        assert await claim(tenants) == []  # not even while the first claim is not committed
    assert await claim(tenants) == []


async def test_a_lease_that_ran_out_is_claimed_again_as_repeated(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "a")
    (slept,) = await claim(tenants)
    assert await claim(tenants, now=NOW + LEASE - timedelta(microseconds=1)) == []
    (again,) = await claim(tenants, now=NOW + LEASE)
    assert (again.id, again.repeated, again.attempts) == (slept.id, True, 2)
    assert again.lease != slept.lease


async def test_who_slept_past_the_lease_cannot_say_how_it_ended(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "a")
    (slept,) = await claim(tenants)
    woke = NOW + LEASE
    verbs: dict[str, Callable[[orm.Claimed], Awaitable[None]]] = {
        "done": lambda task: Outbox.done(task.id, task.lease, now=woke),
        "retry": lambda task: Outbox.retry(task.id, task.lease, now=woke, due=woke, error="e"),
        "dead": lambda task: Outbox.dead(task.id, task.lease, now=woke, error="e"),
        "unknown": lambda task: Outbox.unknown(task.id, task.lease, now=woke, error="e"),
        "extend": lambda task: Outbox.extend(task.id, task.lease, now=woke, until=woke + LEASE),
    }
    for verb in verbs.values():
        async with tenants.transaction("acme"):
            with pytest.raises(orm.Stale):
                await verb(slept)
    (taken,) = await claim(tenants, now=woke)
    for verb in verbs.values():
        async with tenants.transaction("acme"):
            with pytest.raises(orm.Stale):
                await verb(slept)
    await finish(tenants, taken, now=woke)
    for task in (slept, taken):
        async with tenants.transaction("acme"):
            with pytest.raises(orm.Stale):
                await verbs["done"](task)


async def test_a_lease_can_be_extended(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "a")
    (task,) = await claim(tenants)
    async with tenants.transaction("acme"):
        await Outbox.extend(task.id, task.lease, now=NOW, until=NOW + 5 * LEASE)
    assert await claim(tenants, now=NOW + 2 * LEASE) == []
    await finish(tenants, task, now=NOW + 4 * LEASE)


async def test_a_claimer_that_dies_before_its_commit_has_taken_nothing(
    tenants: orm.Tenants,
) -> None:
    await enqueue(tenants, "a")

    async def die() -> None:
        async with tenants.transaction("acme"):
            assert kinds(await Outbox.claim(1, now=NOW, lease=LEASE)) == ["a"]
            await asyncio.Event().wait()

    dying = asyncio.create_task(die())
    await asyncio.sleep(0.2)
    assert await claim(tenants) == []
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    async with tenants.transaction("acme"):  # waits until the server has noticed that the claimer is gone
        await Outbox.query().lock().one()
    (again,) = await claim(tenants)
    assert (again.kind, again.attempts, again.repeated) == ("a", 1, False)


async def test_an_unknown_outcome_is_not_repeated_and_holds_nobody_up(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "1", "2", group="ticket 7")
    (task,) = await claim(tenants)
    async with tenants.transaction("acme"):
        await Outbox.unknown(task.id, task.lease, now=NOW, error="lost after DATA")
    assert kinds(await claim(tenants, now=NOW + timedelta(days=1))) == ["2"]
    assert await states(tenants) == {"1": "unknown", "2": "running"}


async def test_what_is_dead_or_unknown_can_be_revived(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "a", "b")
    a, b = await claim(tenants)
    later = NOW + timedelta(days=1)
    async with tenants.transaction("acme"):
        await Outbox.dead(a.id, a.lease, now=NOW, error="550")
        await Outbox.done(b.id, b.lease, now=NOW)
    async with tenants.transaction("acme") as opened:
        await Outbox.revive(a.id, now=later)
        with pytest.raises(orm.Stale):
            await Outbox.revive(b.id, now=later)
    assert opened.woken == later
    assert kinds(await claim(tenants, now=later)) == ["a"]


async def test_after_a_restore_unfinished_work_is_superseded(tenants: orm.Tenants) -> None:
    await enqueue(tenants, "done", "running", "new")
    done, running = await claim(tenants, 2)
    await finish(tenants, done)
    async with tenants.transaction("acme"):
        assert await Outbox.supersede(now=NOW) == 2
    assert await states(tenants) == {"done": "done", "running": "superseded", "new": "superseded"}
    assert await claim(tenants, now=NOW + timedelta(days=1)) == []
    async with tenants.transaction("acme"):
        with pytest.raises(orm.Stale):
            await Outbox.done(running.id, running.lease, now=NOW)


async def test_the_next_due_time_includes_leases_that_run_out(tenants: orm.Tenants) -> None:
    async def next_due() -> datetime | None:
        async with tenants.transaction("acme"):
            return await Outbox.next_due()

    assert await next_due() is None
    await enqueue(tenants, "a", due=NOW - LEASE)
    await enqueue(tenants, "b", due=NOW + 3 * LEASE)
    assert await next_due() == NOW - LEASE
    (task,) = await claim(tenants)
    assert await next_due() == NOW + LEASE
    await finish(tenants, task)
    assert await next_due() == NOW + 3 * LEASE


async def test_every_verb_is_one_statement_and_an_index_serves_the_claim(tenants: orm.Tenants) -> None:
    async with tenants.transaction("acme"):
        with orm.StatementCounter() as counter:
            await Outbox.enqueue("a", {}, now=NOW, key="a", group="g")
            (task,) = await Outbox.claim(5, now=NOW, lease=LEASE)
            await Outbox.extend(task.id, task.lease, now=NOW, until=NOW + LEASE)
            await Outbox.done(task.id, task.lease, now=NOW)
            await Outbox.next_due()
        assert counter.count == 5
        # A partial index serves a condition in the text: the plan of a prepared statement sees no parameter.
        assert counter.statements[1].count("state IN ('new', 'running')") == 2
        assert "state IN ('new', 'running')" in counter.statements[4]
