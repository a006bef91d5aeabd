"""Who works here: invited, changed, sent away and taken back by owners."""

import asyncio
import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

import pytest

import rpc
from rpc import Kind
from seldesk.errors import TooManyTries
from seldesk.methods.desk import members, people, requests, tickets, tokens
from seldesk.methods.desk.members import Member
from seldesk.models.desk.member import InvitationUsed, LastOwner, NoLongerHere, NoSeat, WorksHere
from seldesk.offer import Offer
from tests.world import CLEO, PASSWORD, World, address, mail

LINK = re.compile(r"http\S+/welcome/(\S+)")
IRIS = "iris@acme.example"


async def listed(world: World) -> dict[str, Member]:
    bo = await world.acme.signed_in("bo")
    return {member.name: member for member in (await bo(members.list)).items}


async def invited(world: World, role: Literal["agent", "owner"] = "agent") -> str:
    """Bo invites Iris; the secret of the link that was mailed."""
    await (await world.acme.signed_in("bo"))(members.invite, email=IRIS, name="Iris", role=role)
    return await mailed(world)


async def mailed(world: World) -> str:
    await world.deliver(world.acme)
    found = LINK.search(text_of(world.relay.sent[-1].raw))
    assert found
    return found[1]


def text_of(raw: bytes) -> str:
    body = message_from_bytes(raw, EmailMessage, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def joined(world: World, role: Literal["agent", "owner"]) -> rpc.Call:
    """Iris has accepted."""
    return await accepted(world, await invited(world, role))


async def accepted(world: World, secret: str) -> rpc.Call:
    answer = await world.acme.calling(Kind.ANONYMOUS, "")(people.choose_password, token=secret, password=PASSWORD)
    assert answer.token is not None
    return world.acme.calling(Kind.PERSON, answer.token)


async def test_an_invitation_is_mailed_and_lets_its_person_in(world: World) -> None:
    secret = await invited(world)
    assert world.relay.sent[-1].recipients == [IRIS]
    assert (await listed(world))["Iris"].state == "invited"
    iris = await accepted(world, secret)
    assert (await iris(tickets.queue)).desk.me.role == "agent"
    assert (await listed(world))["Iris"].state == "active"


async def test_a_requester_can_be_invited_and_keeps_their_tickets(world: World) -> None:
    await world.acme.mail(mail())
    bo = await world.acme.signed_in("bo")
    await bo(members.invite, email=CLEO.upper(), name="Cleo", role="agent")
    assert (await listed(world))["Cleo"].email == CLEO
    assert [row.requester for row in (await bo(tickets.queue)).tickets.items] == ["Cleo"]


@pytest.mark.asvs("V6.3.4", "V7.2.1")
@pytest.mark.parametrize("way", ["invited", "command"])
async def test_what_a_mailed_link_has_opened_is_over_once_somebody_works_here(world: World, way: str) -> None:
    """A mailbox alone must not open the desk: who works here comes in by a password."""
    await world.acme.mail(mail())
    anybody = world.acme.calling(Kind.ANONYMOUS, "")
    await anybody(people.mail_link, email=CLEO, purpose="sign_in")
    await world.deliver(world.acme)
    found = re.search(r"/sign-in/(\S+)", text_of(world.relay.sent[-1].raw))
    assert found
    cleo = world.acme.calling(Kind.PERSON, (await anybody(people.sign_in_by_link, token=found[1])).token or "")
    assert (await cleo(requests.list)).items
    if way == "invited":
        await (await world.acme.signed_in("bo"))(members.invite, email=CLEO, name="Cleo", role="agent")
    else:
        await world.acme.program(Kind.COMMAND)(people.invite, email=CLEO, name="Cleo", role="agent")
    with pytest.raises(rpc.Unauthenticated):
        await cleo(tickets.queue)


async def test_who_works_here_is_not_invited_again(world: World) -> None:
    """Nobody is renamed or promoted by an invitation."""
    before = await listed(world)
    with pytest.raises(WorksHere):
        await (await world.acme.signed_in("bo"))(
            members.invite, email=address("ann", "acme").upper(), name="X", role="owner"
        )
    assert await listed(world) == before


async def test_a_new_link_ends_the_earlier_one(world: World) -> None:
    first, person = await invited(world), (await listed(world))["Iris"].id
    await (await world.acme.signed_in("bo"))(members.send_again, person=person)
    second = await mailed(world)
    with pytest.raises(rpc.NotFound):
        await accepted(world, first)
    await accepted(world, second)
    with pytest.raises(InvitationUsed):
        await (await world.acme.signed_in("bo"))(members.send_again, person=person)


async def test_an_invitation_that_was_taken_back_opens_nothing_and_is_not_mailed(world: World) -> None:
    secret, person = await invited(world), (await listed(world))["Iris"].id
    bo = await world.acme.signed_in("bo")
    await bo(members.send_again, person=person)
    await bo(members.revoke, person=person)
    sent = len(world.relay.sent)
    await world.deliver(world.acme)
    assert len(world.relay.sent) == sent
    with pytest.raises(rpc.NotFound):
        await accepted(world, secret)
    assert "Iris" not in await listed(world)
    with pytest.raises(rpc.NotFound):
        await bo(members.read, person=person)


async def test_who_has_a_password_is_not_revoked(world: World) -> None:
    ann = (await listed(world))["Ann"].id
    with pytest.raises(InvitationUsed):
        await (await world.acme.signed_in("bo"))(members.revoke, person=ann)
    assert (await listed(world))["Ann"].state == "active"


async def test_an_invitation_too_old_is_shown_as_such(world: World) -> None:
    secret = await invited(world)
    world.clock.move(timedelta(hours=72, seconds=1))
    assert (await listed(world))["Iris"].state == "expired"
    with pytest.raises(rpc.NotFound):
        await accepted(world, secret)


async def test_rows_hold_nothing_of_the_link(world: World) -> None:
    secret = await invited(world)
    rows = await world.rows(
        world.acme,
        "SELECT row_to_json(i)::text FROM secret.invitations i UNION ALL SELECT payload::text FROM app.outbox",
    )
    assert len(rows) >= 2
    assert not [row for row in rows if secret in row]


async def test_invitations_are_no_source_of_mail(world: World) -> None:
    bo = await world.acme.signed_in("bo")
    for number in range(50):
        guest = await bo(members.invite, email=f"guest{number}@x.example", name="Guest", role="agent")
        await bo(members.revoke, person=guest)
    with pytest.raises(TooManyTries):
        await bo(members.invite, email="one-more@x.example", name="Guest", role="agent")
    world.clock.move(timedelta(hours=1, seconds=1))
    await bo(members.invite, email="one-more@x.example", name="Guest", role="agent")


async def test_a_disabled_person_is_out_at_the_next_call(world: World) -> None:
    ann, by_token = await world.acme.signed_in("ann"), world.acme.by_token("ann")
    await ann(tickets.queue)
    person, bo = (await listed(world))["Ann"].id, await world.acme.signed_in("bo")
    await bo(members.disable, person=person)
    for call, method in ((ann, tickets.queue), (by_token, tickets.agents)):
        with pytest.raises(rpc.Unauthenticated):
            await call(method)
    anybody = world.acme.calling(Kind.ANONYMOUS, "")
    refused = await anybody(people.sign_in, email=address("ann", "acme"), password=PASSWORD)
    assert refused.token is None
    assert "Ann" not in {agent.name for agent in await world.acme.by_token("bo")(tickets.agents)}
    rows = await world.rows(
        world.acme,
        f"SELECT id FROM secret.sessions WHERE person_id = '{person}' UNION ALL "  # noqa: S608 - an id of ours
        f"SELECT id FROM secret.tokens WHERE person_id = '{person}'",
    )
    assert rows == []
    await bo(members.enable, person=person)
    for call, method in ((ann, tickets.queue), (by_token, tickets.agents)):
        with pytest.raises(rpc.Unauthenticated):
            await call(method)
    await (await world.acme.signed_in("ann"))(tickets.queue)


async def test_the_ticket_links_of_a_disabled_person_are_dead(world: World) -> None:
    await world.acme.mail(mail())
    await world.acme.by_token("ann")(tickets.reply, number=1, body="Unplug it.")
    await world.deliver(world.acme)
    found = re.search(r"http\S+/link/(\S+)", text_of(world.relay.sent[-1].raw))
    assert found
    anybody = world.acme.calling(Kind.ANONYMOUS, "")
    opened = await anybody(requests.open, token=found[1])
    cleo = world.acme.calling(Kind.LINK, opened.token)
    await cleo(requests.read, number=1)
    bo = await world.acme.signed_in("bo")
    await bo(members.invite, email=CLEO, name="Cleo", role="agent")
    await bo(members.disable, person=(await listed(world))["Cleo"].id)
    with pytest.raises(rpc.Unauthenticated):
        await cleo(requests.read, number=1)
    with pytest.raises(rpc.NotFound):
        await anybody(requests.open, token=found[1])


async def test_a_disabled_person_is_not_invited_around_it(world: World) -> None:
    person, bo = (await listed(world))["Ann"].id, await world.acme.signed_in("bo")
    await bo(members.disable, person=person)
    with pytest.raises(NoLongerHere):
        await bo(members.invite, email=address("ann", "acme"), name="Ann", role="agent")
    with pytest.raises(NoLongerHere):
        await bo(members.send_again, person=person)


async def test_the_last_owner_stays(world: World) -> None:
    known, bo = await listed(world), await world.acme.signed_in("bo")
    for method, given in ((members.disable, {}), (members.update, {"role": "agent"})):
        with pytest.raises(LastOwner) as refused:
            await bo(method, person=known["Bo"].id, **given)
        assert refused.value.status == 409
    await bo(members.invite, email=IRIS, name="Iris", role="owner")
    with pytest.raises(LastOwner):  # Iris has no password yet: nobody could sign in.
        await bo(members.disable, person=known["Bo"].id)
    await accepted(world, await mailed(world))
    await bo(members.update, person=known["Bo"].id, role="agent")
    with pytest.raises(rpc.Forbidden):
        await bo(members.list)


async def test_of_two_owners_who_remove_each_other_one_stays(world: World) -> None:
    iris, bo = await joined(world, "owner"), await world.acme.signed_in("bo")
    known = await listed(world)
    await asyncio.gather(
        bo(members.update, person=known["Iris"].id, role="agent"),
        iris(members.update, person=known["Bo"].id, role="agent"),
        return_exceptions=True,
    )
    assert len(await world.rows(world.acme, "SELECT name FROM app.people WHERE role = 'owner'")) == 1


@pytest.mark.flaw("Zammad CVE-2021-42086", "GLPI CVE-2023-28632")
async def test_name_and_role_change_and_nothing_else(world: World) -> None:
    """There is no argument for the address."""
    ann, bo = (await listed(world))["Ann"], await world.acme.signed_in("bo")
    await bo(members.update, person=ann.id, name="Ann Berg", role="owner")
    changed = (await listed(world))["Ann Berg"]
    assert (changed.email, changed.role) == (ann.email, "owner")
    with pytest.raises(rpc.Invalid):
        await world.app.dispatcher.answer(
            bo.credential, "members.update", {"person": str(ann.id), "email": address("bo", "acme")}
        )
    for wrong in ({"role": "requester"}, {"role": "operator"}, {"name": " "}, {"name": "a\nb"}):
        with pytest.raises(rpc.Invalid):
            await world.app.dispatcher.answer(bo.credential, "members.update", {"person": str(ann.id)} | wrong)


@pytest.mark.flaw("Zammad CVE-2021-42086", "GLPI CVE-2023-28632")
async def test_an_agent_changes_nobody(world: World) -> None:
    """Neither others nor themselves."""
    known, ann = await listed(world), await world.acme.signed_in("ann")
    for person in known.values():
        for method, given in (
            (members.update, {"role": "owner"}),
            (members.update, {"name": "Ann"}),
            (members.disable, {}),
            (members.enable, {}),
            (members.send_again, {}),
            (members.revoke, {}),
            (members.read, {}),
        ):
            with pytest.raises(rpc.Forbidden):
                await ann(method, person=person.id, **given)
    with pytest.raises(rpc.Forbidden):
        await ann(members.invite, email="ann2@acme.example", name="Ann", role="owner")
    with pytest.raises(rpc.Forbidden):
        await ann(members.list)
    assert await listed(world) == known


async def test_requesters_are_no_members(world: World) -> None:
    await world.acme.mail(mail())
    cleo = (await world.acme.by_token("ann")(tickets.read, number=1)).requester.id
    bo = await world.acme.signed_in("bo")
    for method in (members.read, members.disable, members.enable, members.revoke, members.send_again):
        with pytest.raises(rpc.NotFound):
            await bo(method, person=cleo)
    with pytest.raises(rpc.NotFound):
        await bo(members.update, person=cleo, role="owner")


async def test_the_list_is_paged_by_name(world: World) -> None:
    command = world.acme.program(Kind.COMMAND)
    for number in range(55):
        await command(people.invite, email=f"guest{number}@x.example", name=f"Guest {number:02}", role="agent")
    bo = await world.acme.signed_in("bo")
    first = await bo(members.list)
    second = await bo(members.list, cursor=first.next)
    names = [member.name for page in (first, second) for member in page.items]
    assert names == sorted(names)
    assert len(names) == 57
    assert (await bo(members.list, cursor=second.previous)).items == first.items
    world.clock.move(timedelta(minutes=1))
    assert (await bo(members.list, cursor=first.next)).items == second.items


async def test_tokens_made_for_a_person_die_with_them(world: World) -> None:
    await joined(world, "agent")
    issued = await world.acme.program(Kind.COMMAND)(tokens.create, email=IRIS, name="script")
    script = world.acme.calling(Kind.TOKEN, issued.secret)
    await script(tickets.agents)
    await (await world.acme.signed_in("bo"))(members.disable, person=(await listed(world))["Iris"].id)
    with pytest.raises(rpc.Unauthenticated):
        await script(tickets.agents)


@pytest.mark.asvs("V2.3.4")
async def test_a_plan_is_for_so_many_and_of_many_at_once_one_takes_the_last_seat(world: World) -> None:
    bo, most = await world.acme.signed_in("bo"), Offer.load().plans["trial"].agents
    for number in range(most - 3):
        await bo(members.invite, email=f"a{number}@x.example", name=f"A{number}", role="agent")
    told = await asyncio.gather(
        *(bo(members.invite, email=f"b{number}@x.example", name=f"B{number}", role="limited") for number in range(4)),
        return_exceptions=True,
    )
    refused = [one for one in told if isinstance(one, NoSeat)]
    assert len(refused) == 3
    assert refused[0].fields == {"email": str(refused[0])}
    assert "The plan Trial is for 10 people" in str(refused[0])
    known = await listed(world)
    assert len(known) == most
    # Whoever is disabled leaves a seat, and finds it taken.
    await bo(members.disable, person=known["Ann"].id)
    await bo(members.invite, email="c@x.example", name="C", role="agent")
    with pytest.raises(NoSeat):
        await bo(members.enable, person=known["Ann"].id)
    await bo(members.revoke, person=(await listed(world))["C"].id)
    await bo(members.enable, person=known["Ann"].id)
