"""Tokens: what they may, where they are listed, how they end."""

import json
from datetime import timedelta

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind, wire
from seldesk.errors import TooManyTries
from seldesk.methods.desk import attachments, mailboxes, members, people, teams, tickets, tokens
from tests.access import BO, told, told_at
from tests.world import PASSWORD, World, address


async def issued(world: World, *scopes: str) -> rpc.Call:
    bo = await world.acme.signed_in("bo")
    secret = (await bo(tokens.issue, name="script", scopes=list(scopes))).secret
    return world.acme.calling(Kind.TOKEN, secret)


async def test_a_token_may_what_stands_in_its_scopes_and_no_more(world: World) -> None:
    reads = await issued(world, "tickets.read")
    assert (await reads(tickets.list)).items == []
    with pytest.raises(rpc.Forbidden):
        await reads(tickets.open, subject="S", body="B", requester_email="a@x.example")
    with pytest.raises(rpc.Forbidden):
        await reads(teams.create, name="T")
    with pytest.raises(rpc.Forbidden):
        await reads(attachments.read, attachment=world.acme.id)
    settles = await issued(world, "settings.teams", "settings.mailboxes")
    await settles(teams.create, name="T")
    assert len(await settles(mailboxes.list)) == 1
    with pytest.raises(rpc.Forbidden):
        await settles(tickets.list)


@pytest.mark.parametrize("scopes", [[], ["operate"], ["work"], ["mail.receive"], ["requests"], ["tickets.read", "x"]])
async def test_scopes_are_what_the_person_may(world: World, scopes: list[str]) -> None:
    bo = await world.acme.signed_in("bo")
    before = (await bo(tokens.page)).items
    with pytest.raises(rpc.Invalid) as refused:
        await bo(tokens.issue, name="script", scopes=scopes)
    assert "scopes" in refused.value.fields
    assert (await bo(tokens.page)).items == before


async def test_a_token_shrinks_with_its_person_and_does_not_grow_with_them(world: World) -> None:
    bo, settles = await world.acme.signed_in("bo"), await issued(world, "settings.teams", "tickets.read")
    ann = next(member for member in (await bo(members.list)).items if member.name == "Ann")
    await bo(members.update, person=ann.id, role="owner")
    with pytest.raises(rpc.Forbidden):  # made when Ann was an agent
        await world.acme.by_token("ann")(teams.create, name="T")
    me = (await bo(tokens.page)).panel.me.id
    await bo(members.update, person=me, role="agent")
    with pytest.raises(rpc.Forbidden):
        await settles(teams.create, name="T")
    await settles(tickets.list)


async def test_tokens_are_listed_with_their_last_use_and_revoked(world: World) -> None:
    bo, script = await world.acme.signed_in("bo"), await issued(world, "tickets.read")
    listed = {(one.name, one.person): one for one in (await bo(tokens.page)).items}
    assert set(listed) == {("script", "Bo"), ("test", "Ann"), ("test", "Bo")}
    assert listed["script", "Bo"].used_at is None
    world.clock.move(timedelta(hours=1))
    await script(tickets.list)
    newest = (await bo(tokens.page)).items[0]
    assert (newest.name, newest.scopes, newest.used_at) == ("script", ["tickets.read"], world.clock.now())
    await bo(tokens.revoke, token=newest.id)
    with pytest.raises(rpc.Unauthenticated):
        await script(tickets.list)
    with pytest.raises(rpc.NotFound):
        await bo(tokens.revoke, token=newest.id)


async def test_a_token_makes_no_tokens_and_no_owners(world: World) -> None:
    script = await issued(world, "settings.teams")
    for method, given in (
        (tokens.issue, {"name": "x", "scopes": ["settings.teams"]}),
        (tokens.page, {}),
        (members.invite, {"email": "x@x.example", "name": "X", "role": "owner"}),
        (members.list, {}),
    ):
        with pytest.raises(rpc.MethodNotFound):
            await script(method, **given)


async def test_one_that_the_operator_makes_is_told_to_its_person_to_the_customer_and_to_the_log(world: World) -> None:
    """Or a command on the machine would be an owner's rights without grant, second person or trace."""
    await told_at(world, "board@acme.example")
    secret = (await world.acme.program(Kind.COMMAND)(tokens.create, email=BO, name="sync")).secret
    bo = await world.acme.signed_in("bo")
    await bo(tokens.issue, name="own", scopes=["tickets.read"])
    made = {one.name: one for one in (await bo(tokens.page)).items}
    assert (made["sync"].by_operator, made["own"].by_operator) == (True, False)
    await world.deliver(world.acme)
    assert "The operator of Acme Support has made a token" in await told(world, BO)
    primary = await told(world, "board@acme.example")
    assert "has made a token" in primary
    assert "/settings/tokens" in primary
    logged = "SELECT objects FROM control.operator_log WHERE kind = 'token made' ORDER BY number DESC LIMIT 1"
    assert [json.loads(one) for one in await world.control_rows(logged)] == [{"token": str(made["sync"].id)}]
    assert secret not in primary + str(world.relay.sent)


async def test_the_token_of_a_limited_agent_is_limited(world: World) -> None:
    await world.acme.by_token("ann")(tickets.open, subject="S", body="B", requester_email="a@x.example")
    command = world.acme.program(Kind.COMMAND)
    invited = await command(people.invite, email=address("iris", "acme"), name="Iris", role="limited")
    anybody = world.acme.calling(Kind.ANONYMOUS, "")
    await anybody(people.choose_password, token=invited.secret.rpartition("/")[2], password=PASSWORD)
    secret = (await command(tokens.create, email=address("iris", "acme"), name="script")).secret
    assert (await world.acme.calling(Kind.TOKEN, secret)(tickets.list)).items == []


@pytest.mark.asvs("V6.3.1")
async def test_a_batch_that_shows_a_token_that_nobody_has_is_one_try(world: World) -> None:
    """And costs what one call costs."""
    credential = rpc.Credential(kind=Kind.TOKEN, place="acme", secret="sdt_wrong", address="192.0.2.7")
    call = {"jsonrpc": "2.0", "method": "tickets.list", "params": {}}
    costs = []
    for most in (1, 50):
        with StatementCounter() as counter:
            body = json.dumps([call | {"id": at} for at in range(most)]).encode()
            answers = json.loads((await wire.reply(world.app.dispatcher, credential, body)).content)
        assert [one["error"]["data"]["code"] for one in answers] == ["unauthenticated"] * most
        costs.append(counter.count)
    assert costs[1] <= costs[0]
    assert await world.rows(world.acme, "SELECT count FROM secret.limits") == ["2"]


@pytest.mark.asvs("V6.3.1", "V6.3.4")
async def test_tokens_that_nobody_has_are_counted_for_the_addresses_around_them(world: World) -> None:
    """Over all processes, and apart from passwords; whoever has a right one is not kept waiting."""

    def showing(secret: str, at: str) -> rpc.Call:
        credential = rpc.Credential(kind=Kind.TOKEN, place="acme", secret=secret, address=at)
        return world.app.dispatcher.calling(credential)

    for secret in ("sdt_wrong", "", "x" * 10_000):
        with pytest.raises(rpc.Unauthenticated):
            await showing(secret, "192.0.2.7")(tickets.list)
    assert await world.rows(world.acme, "UPDATE secret.limits SET count = count + 96 RETURNING count") == ["99"]
    with pytest.raises(rpc.Unauthenticated):
        await showing("sdt_wrong", "192.0.2.200")(tickets.list)
    for at in ("192.0.2.7", "192.0.2.9"):
        with pytest.raises(TooManyTries) as refused:
            await showing("sdt_wrong", at)(tickets.list)
        assert 0 < refused.value.retry_after <= 900
    with pytest.raises(rpc.Unauthenticated):
        await showing("sdt_wrong", "198.51.100.7")(tickets.list)
    await showing(world.acme.tokens["ann"], "192.0.2.7")(tickets.list)
    await world.acme.signed_in("bo")
    seen = {what: number for (_, _, what), number in world.app.seen.counts.items()}
    assert seen == {"refused sign-in": 5, "lockout": 2}
    world.clock.move(timedelta(minutes=15, seconds=1))
    with pytest.raises(rpc.Unauthenticated):
        await showing("sdt_wrong", "192.0.2.7")(tickets.list)
