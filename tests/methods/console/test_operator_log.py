"""The operator's log: what is written into it, that nobody changes it unseen, and that customers' audits stay long."""

from datetime import timedelta
from hashlib import sha256

import asyncpg
import pytest

import orm
import rpc
from rpc import Kind
from seldesk.app.pages import anchoring
from seldesk.app.serve import auditing
from seldesk.methods.console import ops_audit, ops_jobs, ops_staff, staff_self
from seldesk.methods.control import alerts, endings, operator_log
from seldesk.methods.desk import mailboxes
from seldesk.models.control import OperatorEntry
from tests.faults import superuser
from tests.staff import begun, hired, scheduled
from tests.world import World


async def still_at_it() -> None:
    pass


async def checked(world: World) -> list[str]:
    """What the check of the night finds."""
    await auditing(world.app).check(still_at_it)
    return [f"{one.subject}: {one.detail}" for one in await world.app.program(Kind.COMMAND)(alerts.list)]


async def harmed(world: World, statement: str, database: str = "") -> None:
    """By somebody who has the server in hand."""
    async with superuser(world.server, database or world.app.settings.database.control) as connection:
        await connection.execute(statement)


@pytest.mark.asvs("V16.2.1", "V16.3.1", "V16.3.2", "V16.3.3")
async def test_what_staff_and_commands_do_is_written_down_with_who_and_about_whom(world: World) -> None:
    mara, command = await hired(world, "security"), world.app.program(Kind.COMMAND)
    otto = await hired(world, "billing", email="otto@operator.example")
    await begun(world, password="wrong")
    await command(endings.suspend, slug="acme", reason="unpaid since May")
    with pytest.raises(rpc.Forbidden):
        await otto.call(ops_jobs.run, kind="tidy")
    with pytest.raises(rpc.MethodNotFound):
        await otto.call(endings.suspend, slug="acme", reason="x")
    theirs = (await mara.call(ops_staff.page)).staff[1].id
    await mara.call(ops_staff.choose_roles, staff=theirs, roles=["support"])
    shown = (await mara.call(ops_audit.page)).items
    assert [(one.kind, one.outcome, one.by_staff, one.about) for one in shown[:4]] == [
        ("roles changed", "done", "Mara", "Otto"),
        ("denied", "denied", "Otto", None),
        ("endings.suspend", "done", None, None),
        ("password refused", "denied", "Mara", "Mara"),
    ]
    told = [one.facts or {} for one in shown[:4]]
    assert told[0] | {"detail": "support", "address": "198.51.100.7", "request": "test"} == told[0]
    assert told[1]["method"] == "ops_jobs.run"
    assert (told[2], shown[2].customer) == ({}, "acme")
    assert "unpaid" not in str(shown), "what customers are told is no fact of the log"
    only = (await mara.call(ops_audit.page, group="refused", staff=theirs)).items
    assert [one.kind for one in only] == ["denied"]
    assert (await mara.call(ops_audit.page, until=world.clock.now().date() - timedelta(days=1))).items == []
    with pytest.raises(rpc.Forbidden):
        await otto.call(ops_audit.page)


@pytest.mark.asvs("V16.4.2")
async def test_the_application_can_add_to_it_and_change_nothing(world: World) -> None:
    await hired(world, "support")
    async with superuser(world.server, world.app.settings.database.control) as connection:
        for statement in ("UPDATE control.operator_log SET kind = 'x'", "DELETE FROM control.operator_log"):
            async with connection.transaction():
                await connection.execute("SET LOCAL ROLE seldesk_control")
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connection.transaction():
                        await connection.execute(statement)
    named = "SELECT o::text FROM control.operator_log o WHERE o::text ~* '(mara|operator[.]example|198[.]51[.])'"
    assert await world.control_rows(named) == []


@pytest.mark.parametrize(
    ("harm", "wrong"),
    [
        ("UPDATE control.operator_log SET kind = 'x' WHERE number = 3", "entry 3 is not as it was written"),
        ("DELETE FROM control.operator_log WHERE number = 3", "entry 3 is missing"),
        (
            'UPDATE control.operator_facts SET facts = \'{"detail": "x"}\' WHERE entry_id ='
            " (SELECT id FROM control.operator_log WHERE number = 6)",
            "what stands beside entry 6 is not what it was written with",
        ),
        (
            "DELETE FROM control.operator_log WHERE number > 3; UPDATE control.operator_heads SET count = 3,"
            " hash = (SELECT hash FROM control.operator_log WHERE number = 3)",
            "it ended with entry {end} once, and does not come so far any more",
        ),
        ("DELETE FROM control.operator_facts", ""),
    ],
)
async def test_a_changed_a_removed_and_a_cut_off_entry_are_found(world: World, harm: str, wrong: str) -> None:
    await hired(world, "security")
    assert await checked(world) == []
    end = (await world.app.program(Kind.JOB)(operator_log.head)).count
    assert end > 6
    await auditing(world.app).anchor(still_at_it)
    await harmed(world, harm)
    assert await checked(world) == ([f"the operator's log: {wrong.format(end=end)}"] if wrong else [])


async def test_a_chain_that_is_written_anew_as_a_whole_is_found_by_where_it_ended(world: World) -> None:
    """By somebody who has the control database in hand and computes each hash again: the chain alone is as whole as
    before, and the stores know better.
    """
    await hired(world, "security")
    await auditing(world.app).anchor(still_at_it)
    job = world.app.program(Kind.JOB)
    end = (await job(operator_log.head)).count
    await written_anew(world, 3)
    walked = await job(operator_log.walk)
    assert (walked.until, walked.number, (await job(operator_log.head)).count) == (end, None, end)
    assert await checked(world) == [f"the operator's log: entry {end} is not as it was written"]


async def written_anew(world: World, changed: int) -> None:
    """The entry `changed` says something else, and all hashes are as if it always had."""
    kept = ("id", "happened_at", "kind", "outcome", "staff_id", "about_id", "customer_id", "access_id")
    written, before = list[tuple[int, str, bytes]](), b""
    async with world.app.control.transaction("control"):
        for row in await OperatorEntry.query().order_by(OperatorEntry.number).all():
            told = {name: getattr(row, name) for name in (*kept, "objects", "commitment")}
            kind = "signed out" if row.number == changed else row.kind
            before = sha256(before + sha256(OperatorEntry(**{**told, "kind": kind}).told).digest()).digest()
            written.append((row.number, kind, before))
    async with superuser(world.server, world.app.settings.database.control) as connection:
        await connection.executemany("UPDATE control.operator_log SET kind = $2, hash = $3 WHERE number = $1", written)
        await connection.execute("UPDATE control.operator_heads SET hash = $1", before)


@pytest.mark.parametrize(
    ("harm", "wrong"),
    [
        ("UPDATE log.audit SET outcome = 'failed' WHERE number = 2", "entry 2 is not as it was written"),
        ("DELETE FROM log.audit WHERE number = 2", "entry 2 is missing"),
        (
            "DELETE FROM log.audit WHERE number > 2; UPDATE app.audit_heads SET count = 2,"
            " hash = (SELECT hash FROM log.audit WHERE number = 2)",
            "it ended with entry {end} once, and does not come so far any more",
        ),
    ],
)
async def test_the_same_is_found_in_a_customers_audit(world: World, harm: str, wrong: str) -> None:
    """What was cut off shows against where its chain ended as the operator's log says."""
    await world.acme.by_token("bo")(mailboxes.add, address="box@acme.localhost", name="Box")
    await anchoring(world.app).take()
    end = int((await world.rows(world.acme, "SELECT count FROM app.audit_heads"))[0])
    assert end > 2
    await harmed(world, harm, world.acme.database)
    assert await checked(world) == [f"acme: {wrong.format(end=end)}"]


async def test_a_shorter_chain_is_told_until_somebody_says_why(world: World) -> None:
    mara = await hired(world, "security")
    assert await checked(world) == []
    await world.acme.by_token("bo")(mailboxes.add, address="box@acme.localhost", name="Box")
    await anchoring(world.app).take()
    cut = "DELETE FROM log.audit WHERE number > 2; UPDATE app.audit_heads SET count = 2, "
    await harmed(world, cut + "hash = (SELECT hash FROM log.audit WHERE number = 2)", world.acme.database)  # noqa: S608
    for _ in range(2):
        assert len(await checked(world)) == 1
    shown = await mara.call(ops_audit.page, group="chains")
    assert ([one.subject for one in shown.broken], shown.check and shown.check.outcome) == (["acme"], "failed")
    assert [one.kind for one in shown.items] == [
        "chains checked",
        "chains checked",
        "chains anchored",
        "chains anchored",
        "chains checked",
    ]
    await mara.call(ops_audit.accept, customer="acme", reason="Restored from the copy of Sunday.")
    assert await checked(world) == []
    await mara.call(ops_audit.check)
    assert (await mara.call(ops_audit.page)).running


async def test_a_call_that_fails_leaves_nothing_and_the_end_is_held_for_one_statement(world: World) -> None:
    mara = await hired(world, "security", "operations")
    job = world.app.program(Kind.JOB)
    before = (await job(operator_log.head)).count
    with pytest.raises(rpc.Conflict):
        await mara.call(staff_self.remove_factor, factor=(await mara.call(staff_self.page)).factors[0].id)
    assert (await job(operator_log.head)).count == before
    await scheduled(world, "tidy")
    with orm.StatementCounter() as counter:
        await mara.call(ops_jobs.run, kind="tidy")
    assert "operator_heads" in counter.statements[-1]
    assert sum("operator_heads" in one for one in counter.statements) == 1
