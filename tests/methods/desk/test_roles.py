"""Roles that owners make: what their people may from the next call on, and what nobody comes to by them."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

import rpc
from rpc import Kind
from rpc.testing import example_arguments
from seldesk.methods.desk import audits, members, people, roles, tags, teams, tickets, tokens
from seldesk.models.desk.member import LastOwner
from seldesk.models.desk.role import MoreThanYours, RoleInUse, RoleKnown
from seldesk.permissions import GRANTABLE, WORKER
from tests.methods.desk.test_members import accepted, mailed
from tests.world import CLEO, World, mail

EVERYTHING = [permission for group in GRANTABLE.values() for permission in group]


async def hired(world: World, role: UUID | str, name: str = "Iris") -> rpc.Call:
    """Somebody in this role, signed in."""
    bo = await world.acme.signed_in("bo")
    await bo(members.invite, email=f"{name.lower()}@acme.example", name=name, role=str(role))
    return await accepted(world, await mailed(world))


async def made(world: World, *permissions: str, name: str = "Light agent", reach: Any = "all") -> UUID:
    return await (await world.acme.signed_in("bo"))(roles.create, name=name, reach=reach, permissions=[*permissions])


async def ids(world: World) -> dict[str, UUID]:
    return {one.name: one.id for one in (await (await world.acme.signed_in("bo"))(members.list)).items}


@pytest.mark.asvs("V8.2.1")
async def test_a_light_agent_notes_and_does_no_more(world: World) -> None:
    role = await made(world, "tickets.note")
    iris, bo = await hired(world, role), await world.acme.signed_in("bo")
    number = (await world.acme.mail(mail())).ticket
    assert number is not None
    await iris(tickets.note, number=number, body="I know this printer.")
    shown = await iris(tickets.page, number=number)
    assert (shown.desk.me.role, shown.desk.me.title) == ("agent", "Light agent")
    for method, given in (
        (tickets.reply, {"number": number, "body": "Hello"}),
        (tickets.update, {"number": number, "status": "solved"}),
        (tickets.open, {"subject": "S", "body": "B", "requester_email": CLEO}),
        (teams.create, {"name": "T"}),
        (members.list, {}),
        (roles.list, {}),
    ):
        with pytest.raises(rpc.Forbidden):
            await iris(method, **given)
    # What the role may changes, and with it what she may, at once.
    await bo(roles.update, role=role, name="Tagger", reach="all", permissions=["tickets.write", "settings.tags"])
    await iris(tickets.update, number=number, add_tags=["fire"])
    await iris(tags.rename, tag="fire", name="smoke")
    with pytest.raises(rpc.Forbidden):
        await iris(tickets.note, number=number, body="Again.")
    shown = await iris(tickets.page, number=number)
    assert shown.desk.me.title == "Tagger"
    assert shown.desk.me.may == WORKER | {"tickets.write", "settings.tags"}


async def test_a_role_sees_all_tickets_or_its_own(world: World) -> None:
    role = await made(world, "tickets.reply", reach="own")
    iris, bo = await hired(world, role), await world.acme.signed_in("bo")
    number = (await world.acme.mail(mail())).ticket
    assert number is not None
    with pytest.raises(rpc.NotFound):
        await iris(tickets.read, number=number)
    await bo(roles.update, role=role, name="Agent of old", reach="all", permissions=[])
    assert (await iris(tickets.read, number=number)).number == number
    await bo(roles.update, role=role, name="Agent of old", reach="own", permissions=[])
    with pytest.raises(rpc.NotFound):
        await iris(tickets.read, number=number)


@pytest.mark.parametrize(
    ("permissions", "reach"),
    [
        (["settings"], "all"),
        (["work"], "all"),
        (["console"], "all"),
        (["requests"], "all"),
        (["settings.tags"], "own"),
        (["tickets.note", "x"], "all"),
    ],
)
@pytest.mark.asvs("V8.1.1")
async def test_what_no_role_holds(world: World, permissions: list[str], reach: Any) -> None:
    bo = await world.acme.signed_in("bo")
    with pytest.raises(rpc.Invalid) as refused:
        await bo(roles.create, name="Too much", reach=reach, permissions=permissions)
    assert "permissions" in refused.value.fields
    assert await bo(roles.list) == []


@pytest.mark.asvs("V8.2.1")
async def test_what_stands_in_a_row_and_cannot_be_granted_is_not_held(world: World) -> None:
    """However it came there, by an import or by hand."""
    role = await made(world, "tickets.note")
    iris = await hired(world, role)
    await world.rows(world.acme, "UPDATE app.roles SET permissions = '{settings,work,settings.tags,x}' RETURNING 1")
    assert (await iris(tickets.queue)).desk.me.may == {"self", "attachments", "tickets.read", "settings.tags"}
    await world.rows(world.acme, "UPDATE app.people SET role = 'limited' WHERE role_id IS NOT NULL RETURNING 1")
    assert (await iris(tickets.queue)).desk.me.may == {"self", "attachments", "tickets.read"}


@pytest.mark.flaw("Zammad CVE-2021-42086", "GLPI CVE-2023-28632")
@pytest.mark.asvs("V8.2.1")
async def test_nobody_gives_more_than_they_have_nor_changes_who_may_more(world: World) -> None:
    manager = await made(world, "settings.people", "tickets.note", name="Manager")
    light, teamster = await made(world, "tickets.note"), await made(world, "settings.teams", name="Teamster")
    iris, known = await hired(world, manager), await ids(world)
    jan = await hired(world, light, "Jan")
    known = await ids(world)
    assert [one.role for one in (await iris(members.page)).roles] == [str(light), str(manager)]
    for role in ("owner", "agent", "limited", str(teamster)):
        for method, given in (
            (members.invite, {"email": "new@x.example", "name": "New", "role": role}),
            (members.update, {"person": known["Jan"], "role": role}),
            (members.update, {"person": known["Iris"], "role": role}),
        ):
            with pytest.raises(MoreThanYours):
                await iris(method, **given)
    for name in ("Ann", "Bo"):
        for one in (members.update, members.disable, members.enable, members.revoke, members.send_again):
            arguments = example_arguments(one, person=known[name], name="Mine", role=str(light))
            with pytest.raises(MoreThanYours):
                await world.app.dispatcher.answer(iris.credential, one.name, arguments)
    await iris(members.update, person=known["Jan"], role=str(manager))
    await iris(members.disable, person=known["Jan"])
    with pytest.raises(rpc.Unauthenticated):
        await jan(tickets.queue)
    assert "new@x.example" not in [one.email for one in (await iris(members.list)).items]


@pytest.mark.asvs("V8.4.1")
async def test_a_role_of_the_neighbour_is_none_here(world: World) -> None:
    globex = await world.neighbour()
    theirs = await (await globex.signed_in("bo"))(roles.create, name="Theirs", permissions=EVERYTHING)
    bo, ann = await world.acme.signed_in("bo"), (await ids(world))["Ann"]
    for role in (theirs, uuid4(), "requester", "operator", "a"):
        with pytest.raises(rpc.Invalid) as refused:
            await bo(members.update, person=ann, role=str(role))
        assert "role" in refused.value.fields
        with pytest.raises(rpc.Invalid):
            await bo(members.invite, email="new@x.example", name="New", role=str(role))


async def test_the_last_owner_keeps_being_one(world: World) -> None:
    role, known = await made(world, *EVERYTHING), await ids(world)
    bo = await world.acme.signed_in("bo")
    with pytest.raises(LastOwner):
        await bo(members.update, person=known["Bo"], role=str(role))
    await bo(members.update, person=known["Ann"], role="owner")
    await bo(members.update, person=known["Bo"], role=str(role))
    with pytest.raises(rpc.Forbidden):
        await bo(roles.list)


async def test_a_role_is_deleted_when_nobody_has_it_or_its_people_get_another(world: World) -> None:
    role, other = await made(world, "tickets.note"), await made(world, name="Reader")
    iris, bo = await hired(world, role), await world.acme.signed_in("bo")
    shown = await bo(roles.read, role)
    assert ([one.name for one in shown.people], [one.name for one in shown.others]) == (["Iris"], ["Reader"])
    with pytest.raises(RoleInUse):
        await bo(roles.delete, role)
    for instead in ("owner", str(role), str(uuid4())):
        with pytest.raises(rpc.Invalid):
            await bo(roles.delete, role, instead=instead)
    await bo(roles.delete, role, instead=str(other))
    assert (await iris(tickets.queue)).desk.me.title == "Reader"
    with pytest.raises(rpc.NotFound):
        await bo(roles.read, role)
    await bo(roles.delete, other, instead="limited")
    me = (await iris(tickets.queue)).desk.me
    assert (me.role, me.title) == ("limited", "")
    await made(world, name="Twice")
    with pytest.raises(RoleKnown):
        await made(world, name="Twice")


async def test_of_two_who_delete_and_give_a_role_at_once_nobody_is_left_with_none(world: World) -> None:
    role, ann = await made(world, "tickets.note"), (await ids(world))["Ann"]
    bo = await world.acme.signed_in("bo")
    told = await asyncio.gather(
        bo(roles.delete, role), bo(members.update, person=ann, role=str(role)), return_exceptions=True
    )
    there = await world.rows(world.acme, "SELECT count(*) FROM app.roles")
    given = await world.rows(world.acme, "SELECT count(role_id) FROM app.people")
    assert (there, given) in ((["1"], ["1"]), (["0"], ["0"])), told


async def test_a_token_is_bound_to_the_role_of_its_person(world: World) -> None:
    role = await made(world, "tickets.note", "settings.tags")
    await hired(world, role)
    secret = (await world.acme.program(Kind.COMMAND)(tokens.create, email="iris@acme.example", name="script")).secret
    script, bo = world.acme.calling(Kind.TOKEN, secret), await world.acme.signed_in("bo")
    assert await script(tags.list) == []
    with pytest.raises(rpc.Forbidden):
        await script(teams.list)
    await bo(roles.update, role=role, name="Light agent", reach="all", permissions=["settings.teams"])
    for method in (tags.list, teams.list):
        with pytest.raises(rpc.Forbidden):
            await script(method)


async def test_what_is_done_with_roles_is_written_down(world: World) -> None:
    role = await made(world, "tickets.note")
    await hired(world, role)
    bo = await world.acme.signed_in("bo")
    await bo(roles.update, role=role, name="Reader", reach="own", permissions=[])
    await bo(roles.delete, role, instead="agent")
    entries = (await bo(audits.page, kind="people")).items
    known = {one.method: one.facts or {} for one in entries}
    assert known["roles.create"]["after"] == "all, tickets.note"
    assert (known["roles.update"]["before"], known["roles.update"]["after"]) == ("all, tickets.note", "own")
    assert (known["roles.delete"]["role"], known["roles.delete"]["after"]) == ("Reader", "agent")
    assert known["members.invite"]["role"] == "Light agent"
    assert {one.objects.get("role") for one in entries if one.method == "roles.update"} == {str(role)}


@pytest.mark.asvs("V6.3.4")
async def test_the_door_of_mail_lets_nobody_note_who_may_not(world: World) -> None:
    """people.suggest belongs to whoever opens tickets; a mail writes notes for whoever may write them."""
    iris = await hired(world, await made(world))
    with pytest.raises(rpc.Forbidden):
        await iris(people.suggest, query="cl")
