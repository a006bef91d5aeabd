"""Each call that staff make in a customer's account is written down, on both sides, or not made."""

import asyncio
import json
from datetime import timedelta

import pytest

import rpc
from rpc import Kind
from seldesk.errors import Unaudited
from seldesk.methods.control import operator_log
from seldesk.methods.desk import audits, tickets
from tests.access import ANN, WHY, inside, kept_signed_in, person, swept
from tests.faults import superuser
from tests.world import World


@pytest.mark.asvs("V16.3.1", "V16.3.2")
async def test_10_every_call_is_an_attempt_and_an_outcome_on_both_sides(world: World) -> None:
    her = await inside(world)
    for _ in range(5):
        await her.call(tickets.read, number=her.number)
    with pytest.raises(rpc.NotFound):
        await her.call(tickets.read, number=999)
    bo = await world.acme.signed_in("bo")
    written = [one for one in (await bo(audits.page, kind="access")).items if one.method == "tickets.read"]
    outcomes = [one.outcome for one in reversed(written)]
    assert outcomes == ["attempt", "done"] * 5 + ["attempt", "failed"]
    attempt = written[-1]
    assert (attempt.actor, attempt.objects["number"]) == ("Ann", str(her.number))
    assert attempt.on_behalf_by is not None
    assert attempt.facts == {"staff": "Mara", "reason": WHY, "address": "198.51.100.7"}
    logged = "SELECT outcome FROM control.operator_log WHERE kind = 'access call' ORDER BY id"
    assert await world.control_rows(logged) == outcomes
    assert "printer" not in str(await world.control_rows("SELECT o::text FROM control.operator_log o"))
    checked = await bo(audits.verify)
    assert (checked.number, checked.left) == (None, False)


async def test_10_each_row_that_the_owner_downloads_names_both(world: World) -> None:
    her = await inside(world)
    await her.call(tickets.read, number=her.number)
    await kept_signed_in(her, timedelta(minutes=59))
    world.clock.move(timedelta(minutes=2))
    await swept(world)
    bo = await world.acme.signed_in("bo")
    key = await bo(audits.begin)
    lines = [one for one in await bo(audits.lines, key=key) if one.on_behalf_by]
    assert {one.method for one in lines} == {
        "staff_access.request",
        "staff_access.begin",
        "tickets.read",
        "tickets.list",
        "staff_access.ended",
    }
    assert {one.outcome for one in lines if one.method == "tickets.read"} == {"attempt", "done"}
    for line in lines:
        assert ((line.facts or {})["staff"], line.actor or line.person) == ("Mara", "Ann"), line.method


@pytest.mark.long
async def test_10_a_thousand_calls_make_a_thousand_attempts_and_outcomes(world: World) -> None:
    """Several at once, as browsers send them."""
    her = await inside(world)

    async def some() -> None:
        for _ in range(250):
            await her.call(tickets.read, number=her.number)

    await asyncio.gather(*(some() for _ in range(4)))
    counted = "SELECT count(*) FROM {} WHERE {} GROUP BY outcome ORDER BY outcome"
    audit = counted.format("log.audit", "method = 'tickets.read'")
    assert await world.rows(world.acme, audit) == ["1000", "1000"]
    log = counted.format("control.operator_log", "kind = 'access call'")
    assert await world.control_rows(log) == ["1000", "1000"]
    bo = await world.acme.signed_in("bo")
    assert (await bo(audits.verify)).number is None


@pytest.mark.asvs("V16.5.3")
async def test_10_no_answer_leaves_that_was_not_written_down(world: World) -> None:
    her = await inside(world, scope="write")
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute(f"REVOKE INSERT ON log.audit FROM {world.acme.database}")
        with pytest.raises(Unaudited):
            await her.call(tickets.note, number=her.number, body="unseen")
        await connection.execute(f"GRANT INSERT ON log.audit TO {world.acme.database}")
        # The attempt is written, and what became of it cannot be.
        await connection.execute(
            "ALTER TABLE log.audit ADD CONSTRAINT attempts CHECK (kind <> 'access' OR outcome = 'attempt') NOT VALID"
        )
        with pytest.raises(Unaudited) as refused:
            await her.call(tickets.read, number=her.number)
        await connection.execute("ALTER TABLE log.audit DROP CONSTRAINT attempts")
    assert refused.value.status == 503
    assert await world.rows(world.acme, "SELECT text FROM app.messages WHERE text = 'unseen'") == []


@pytest.mark.asvs("V16.5.3")
async def test_10_no_answer_leaves_that_the_operators_log_does_not_tell_of(world: World) -> None:
    """At the attempt nothing is done; at the outcome what was done stays, and the answer does not leave."""
    her = await inside(world, scope="write")
    log, notes = "control.operator_log", "SELECT text FROM app.messages WHERE kind = 'note'"
    tried = "SELECT outcome FROM log.audit WHERE method = 'tickets.note' ORDER BY number"
    async with superuser(world.server, world.app.settings.database.control) as connection:
        await connection.execute(f"REVOKE INSERT ON {log} FROM seldesk_control")
        with pytest.raises(Unaudited):
            await her.call(tickets.note, number=her.number, body="unseen")
        await connection.execute(f"GRANT INSERT ON {log} TO seldesk_control")
        assert await world.rows(world.acme, f"{notes} UNION ALL {tried.partition(' ORDER')[0]}") == []
        only = "CHECK (kind <> 'access call' OR outcome = 'attempt') NOT VALID"
        await connection.execute(f"ALTER TABLE {log} ADD CONSTRAINT attempts {only}")
        with pytest.raises(Unaudited) as refused:
            await her.call(tickets.note, number=her.number, body="half seen")
        await connection.execute(f"ALTER TABLE {log} DROP CONSTRAINT attempts")
    assert refused.value.status == 503
    assert (await world.rows(world.acme, tried), await world.rows(world.acme, notes)) == (
        ["attempt", "done"],
        ["half seen"],
    )
    logged = "SELECT outcome FROM control.operator_log WHERE kind = 'access call' ORDER BY number"
    assert await world.control_rows(logged) == ["attempt"]


async def test_10_what_the_customers_audit_could_not_be_told_of_is_no_call(world: World) -> None:
    her = await inside(world)
    await her.call(tickets.read, number=her.number)
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute(f"REVOKE INSERT ON log.audit FROM {world.acme.database}")
        with pytest.raises(Unaudited):
            await her.call(tickets.read, number=her.number)
        await connection.execute(f"GRANT INSERT ON log.audit TO {world.acme.database}")
    logged = "SELECT outcome FROM control.operator_log WHERE kind = 'access call' ORDER BY number"
    assert await world.control_rows(logged) == ["attempt", "done", "attempt", "failed"]
    assert await world.control_rows("SELECT calls FROM control.accesses") == ["1"]


async def test_10_the_operators_chain_says_which_method_on_what_for_whom_and_beside_it_why(world: World) -> None:
    her = await inside(world)
    await her.call(tickets.read, number=her.number)
    told = {"number": str(her.number), "method": "tickets.read", "subject": str(await person(world, ANN))}
    found = await world.control_rows("SELECT objects FROM control.operator_log WHERE kind = 'access call'")
    assert [json.loads(one) for one in found] == [told, told]
    why = "SELECT facts->>'reason' FROM control.operator_log JOIN control.operator_facts ON entry_id = id"
    assert await world.control_rows(f"{why} WHERE kind = 'access call' AND outcome = 'attempt'") == [WHY]
    changed = "UPDATE control.operator_log SET objects = objects || '{\"number\": \"2\"}' WHERE kind = 'access call'"
    async with superuser(world.server, world.app.settings.database.control) as connection:
        await connection.execute(changed)
    assert (await world.app.program(Kind.JOB)(operator_log.walk)).wrong == "changed"
