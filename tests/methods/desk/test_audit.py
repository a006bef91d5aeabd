"""The audit: what is written into it, who reads it, and that nobody changes it unseen."""

import asyncio
from datetime import date

import asyncpg
import pytest

import orm
import rpc
from rpc import Kind
from seldesk.methods.desk import audits, mailboxes, members, people, profile, tokens
from tests.faults import another, superuser
from tests.world import PASSWORD, World, address

BO = address("bo", "acme")


@pytest.mark.asvs("V16.3.1", "V16.3.2", "V16.3.3")
async def test_acts_are_written_down_with_who_and_about_whom(world: World) -> None:
    bo, stranger = await world.acme.signed_in("bo"), world.acme.calling(Kind.ANONYMOUS, "")
    ann = await world.acme.signed_in("ann")
    assert (await stranger(people.sign_in, email=BO, password="wrong one")).token is None
    assert (await stranger(people.sign_in, email="hunter2secret", password="x")).token is None
    iris = await bo(members.invite, email="iris@acme.example", name="Iris", role="agent")
    await bo(members.update, person=iris, role="limited")
    await bo(tokens.issue, name="Nightly", scopes=["tickets.read"])
    with pytest.raises(rpc.Forbidden):
        await ann(members.disable, person=iris)
    changed = await ann(profile.change_password, current=PASSWORD, password="another long one")
    await world.acme.calling(Kind.PERSON, changed.token or "")(people.sign_out)
    shown = (await bo(audits.page)).items
    assert [(one.method, one.outcome, one.actor, one.person) for one in shown[:10]] == [
        ("people.sign_out", "done", "Ann", None),
        ("profile.change_password", "done", "Ann", None),
        ("members.disable", "denied", "Ann", None),
        ("tokens.issue", "done", "Bo", "Bo"),
        ("members.update", "done", "Bo", "Iris"),
        ("members.invite", "done", "Bo", "Iris"),
        ("people.sign_in", "failed", None, None),
        ("people.sign_in", "failed", None, "Bo"),
        ("people.sign_in", "done", None, "Ann"),
        ("people.sign_in", "done", None, "Bo"),
    ]
    facts = {one.method: one.facts or {} for one in shown}
    assert facts["members.update"] | {"role": "agent, limited", "name": "Iris"} == facts["members.update"]
    assert (facts["members.invite"]["by_email"], facts["members.invite"]["address"]) == (BO, "192.0.2.1")
    assert "hunter2secret" not in str(shown), "what is typed into the wrong field may be a password"
    by_iris = (await bo(audits.page, concerning=iris, kind="people")).items
    assert [one.method for one in by_iris] == ["members.update", "members.invite"]
    assert (await bo(audits.page, until=world.clock.now().date().replace(day=1))).items == []
    assert (await bo(audits.page, since=date.min, until=date.max, concerning=iris, kind="people")).items == by_iris


@pytest.mark.asvs("V16.4.2")
async def test_the_lasting_part_names_nobody_and_cannot_be_changed(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    await bo(members.invite, email="iris@acme.example", name="Iris", role="agent")
    named = "select a::text from log.audit a where a::text ~* '(iris|bo@|acme.example|192.0.2)'"
    assert await world.rows(world.acme, named) == []
    async with superuser(world.server, world.acme.database) as connection:
        for statement in ("UPDATE log.audit SET method = 'x'", "DELETE FROM log.audit"):
            async with connection.transaction():
                await connection.execute(f'SET LOCAL ROLE "{world.acme.database}"')
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connection.transaction():
                        await connection.execute(statement)


@pytest.mark.parametrize(
    ("harm", "wrong", "number"),
    [
        ("UPDATE log.audit SET outcome = 'failed' WHERE number = 5", "changed", 5),
        ("UPDATE log.audit SET hash = '' WHERE number = 5", "changed", 5),
        ("DELETE FROM log.audit WHERE number = 5", "removed", 5),
        ("DELETE FROM log.audit WHERE number > 5", "removed", 6),
        (
            'UPDATE app.audit_facts SET facts = \'{"by": "Eve"}\' WHERE entry_id = '
            "(SELECT id FROM log.audit WHERE number = 5)",
            "names",
            5,
        ),
        ("DELETE FROM app.audit_facts", "", None),
    ],
)
async def test_the_chain_says_where_it_breaks(world: World, harm: str, wrong: str, number: int | None) -> None:
    bo = await world.acme.signed_in("bo")
    whole = await bo(audits.verify)
    assert (whole.wrong, whole.number, whole.left) == ("", None, False)
    assert whole.until >= 7
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute(harm)
    broken = await bo(audits.verify)
    assert (broken.wrong, broken.number) == (wrong, number)


async def test_many_at_once_make_one_chain_and_one_who_comes_too_late_leaves_nothing(world: World) -> None:
    """Two processes; half of the calls fail at the end of their transactions."""
    bo = await world.acme.signed_in("bo")
    before = (await bo(audits.verify)).until
    async with another(world) as other:
        calls = [world.acme.by_token("bo"), other.by_token("bo")]
        # Of each two one finds that the other was quicker.
        boxes = [f"box{number // 2}@acme.localhost" for number in range(20)]
        made = [calls[at % 2](mailboxes.add, address=box, name="Box") for at, box in enumerate(boxes)]
        await asyncio.gather(*made, return_exceptions=True)
    after = await bo(audits.verify)
    assert (after.wrong, after.until) == ("", before + 10)
    head = await world.acme.program(Kind.JOB)(audits.head)
    assert head.count == after.until
    key = await bo(audits.begin)
    lines = (await bo(audits.lines, key=key))[:-1]  # the last says that it was downloaded
    assert [line.number for line in lines] == [*range(1, after.until + 1)]
    assert lines[-1].hash == head.hash
    assert await bo(audits.lines, key=key, after=after.until + 1) == []


async def test_refusals_of_one_person_fill_no_disk(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    for _ in range(25):
        with pytest.raises(rpc.Forbidden):
            await ann(audits.page)
    denied = await world.rows(world.acme, "select count(*) from log.audit where outcome = 'denied'")
    assert denied == ["20"]


async def test_the_end_of_the_chain_is_held_for_one_statement_only(world: World) -> None:
    """All that a call sends after it has locked the chain is its commit."""
    bo = world.acme.by_token("bo")
    with orm.StatementCounter() as counter:
        await bo(mailboxes.add, address="late@acme.localhost", name="Late")
    assert "audit_heads" in counter.statements[-1]
    assert sum("audit_heads" in one for one in counter.statements) == 1
