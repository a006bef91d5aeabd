"""What a person may know and change of themselves."""

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind
from seldesk.methods.desk import people, profile, tickets
from tests.world import PASSWORD, World, address

ANN = address("ann", "acme")
NEW = "another horse battery"


@pytest.mark.asvs("V7.4.5", "V7.5.2")
async def test_sessions_are_listed_and_ended_one_by_one(world: World) -> None:
    ann, elsewhere = await world.acme.signed_in("ann"), await world.acme.signed_in("ann")
    listed = await ann(people.sessions)
    current = [row for row in listed if row.current]
    other = next(row for row in await elsewhere(people.sessions) if row.current)
    assert len(current) == 1
    assert current[0].address == "192.0.2.1"
    await ann(people.end_session, session=other.id)
    with pytest.raises(rpc.Unauthenticated):
        await elsewhere(tickets.queue)
    assert other.id not in {row.id for row in await ann(people.sessions)}
    with pytest.raises(rpc.NotFound):
        await ann(people.end_session, session=other.id)


@pytest.mark.flaw("GLPI CVE-2024-50339")
@pytest.mark.asvs("V8.2.2")
async def test_nobody_ends_or_sees_anothers_session(world: World) -> None:
    """A list holds no secret either."""
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    theirs = next(row for row in await bo(people.sessions) if row.current)
    with pytest.raises(rpc.NotFound):
        await ann(people.end_session, session=theirs.id)
    assert theirs.id not in {row.id for row in await ann(people.sessions)}
    assert ann.credential.secret not in repr(await ann(people.sessions))
    await bo(tickets.queue)


@pytest.mark.asvs("V7.2.1", "V7.4.3")
async def test_a_changed_password_ends_the_other_sessions(world: World) -> None:
    ann, elsewhere = await world.acme.signed_in("ann"), await world.acme.signed_in("ann")
    answer = await ann(profile.change_password, current=PASSWORD, password=NEW)
    assert answer.changed
    assert answer.token is not None
    assert answer.token not in repr(answer)
    await world.acme.calling(Kind.PERSON, answer.token)(tickets.queue)
    # Whoever had taken a copy of this very cookie has nothing more of it than those who were elsewhere.
    for over in (ann, elsewhere):
        with pytest.raises(rpc.Unauthenticated):
            await over(tickets.queue)
    call = world.acme.calling(Kind.ANONYMOUS, "")
    assert (await call(people.sign_in, email=ANN, password=PASSWORD)).token is None
    assert (await call(people.sign_in, email=ANN, password=NEW)).token is not None


@pytest.mark.flaw("Zammad CVE-2025-32359")
@pytest.mark.asvs("V7.5.1", "V6.3.1")
async def test_a_password_is_not_changed_without_the_current_one(world: World) -> None:
    """A session that was left open can guess as little as anybody."""
    ann = await world.acme.signed_in("ann")
    for _ in range(10):
        answer = await ann(profile.change_password, current="wrong horse", password=NEW)
        assert (answer.changed, answer.wait) == (False, 0)
    closed = await ann(profile.change_password, current=PASSWORD, password=NEW)
    assert not closed.changed
    assert closed.wait > 0


@pytest.mark.parametrize("password", ["short", "x" * 129])
@pytest.mark.asvs("V6.2.1")
async def test_a_new_password_has_8_to_128_characters(world: World, password: str) -> None:
    ann = await world.acme.signed_in("ann")
    with pytest.raises(rpc.Invalid) as refused:
        await ann(profile.change_password, current=PASSWORD, password=password)
    assert "password" in refused.value.fields


async def test_a_name_is_ones_own(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    await ann(profile.rename, name="  Ann Berg ")
    with StatementCounter() as counter:
        shown = await ann(profile.page)
    assert counter.count <= 4
    assert shown.desk.me.name == "Ann Berg"
    for name in ("", "   ", "a\nb", "x" * 256):
        with pytest.raises(rpc.Invalid) as refused:
            await ann(profile.rename, name=name)
        assert "name" in refused.value.fields
