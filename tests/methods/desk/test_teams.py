"""Teams: who is in them, what they hold, and who sees no more than that."""

from uuid import UUID, uuid4

import pytest

import rpc
from orm import StatementCounter
from rpc import Kind
from seldesk.errors import TicketRemoved
from seldesk.methods.desk import attachments, audits, members, messages, people, teams, tickets
from seldesk.models.desk.team import TeamKnown
from tests.world import DEVICE, PASSWORD, World, address, mail


async def ids(world: World) -> dict[str, UUID]:
    bo = await world.acme.signed_in("bo")
    return {member.name: member.id for member in (await bo(members.list)).items}


async def made(world: World, name: str, *people: str) -> UUID:
    bo, known = await world.acme.signed_in("bo"), await ids(world)
    team = await bo(teams.create, name=name)
    await bo(teams.update, team=team, members=[known[person] for person in people])
    return team


async def limited(world: World) -> rpc.Call:
    """Iris, a limited agent."""
    command = world.acme.program(Kind.COMMAND)
    invited = await command(people.invite, email=address("iris", "acme"), name="Iris", role="limited")
    secret = invited.secret.rpartition("/")[2]
    anybody = world.acme.calling(Kind.ANONYMOUS, "")
    await anybody(people.choose_password, token=secret, password=PASSWORD, device=DEVICE)
    return await world.acme.signed_in("iris")


async def received(world: World, count: int) -> list[int]:
    numbers = []
    for position in range(count):
        raw = mail(f"Matter {position}", message_id=f"<{uuid4()}@x.example>", files={"a.txt": b"a"}, html="<p>a</p>")
        number = (await world.acme.mail(raw)).ticket
        assert number is not None
        numbers.append(number)
    return numbers


async def test_a_team_has_a_name_and_people(world: World) -> None:
    known, bo = await ids(world), await world.acme.signed_in("bo")
    team = await made(world, "Printers", "Ann", "Bo")
    assert [(one.name, [member.name for member in one.members]) for one in await bo(teams.list)] == [
        ("Printers", ["Ann", "Bo"])
    ]
    await bo(teams.update, team=team, name="Machines", members=[known["Ann"], known["Ann"]])
    assert [(one.name, [member.name for member in one.members]) for one in await bo(teams.list)] == [
        ("Machines", ["Ann"])
    ]
    await bo(teams.update, team=team, members=[])
    assert (await bo(teams.list))[0].members == []
    with pytest.raises(TeamKnown):
        await bo(teams.create, name="Machines")


async def test_only_who_works_here_is_in_a_team(world: World) -> None:
    team, bo = await made(world, "Printers", "Ann"), await world.acme.signed_in("bo")
    await received(world, 1)
    cleo = (await world.acme.by_token("ann")(tickets.read, number=1)).requester.id
    for nobody in (cleo, uuid4()):
        with pytest.raises(rpc.Invalid):
            await bo(teams.update, team=team, members=[nobody])
    assert [member.name for member in (await bo(teams.list))[0].members] == ["Ann"]


async def test_a_ticket_is_given_to_a_team_and_stands_in_its_view(world: World) -> None:
    team = await made(world, "Printers", "Ann")
    first, _ = await received(world, 2)
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    await ann(tickets.update, number=first, team=team)
    queue = await ann(tickets.queue, view="team")
    assert [row.number for row in queue.tickets.items] == [first]
    assert queue.desk.counts["team"] == 1
    assert (await bo(tickets.queue, view="team")).tickets.items == []
    page = await ann(tickets.page, number=first)
    assert page.ticket.team is not None
    assert page.ticket.team.name == "Printers"
    assert [one.name for one in page.teams] == ["Printers"]
    told = [event for event in page.events if event.kind == "team"]
    assert [(event.before, event.after, event.actor) for event in told] == [
        ({"team": None}, {"team": "Printers"}, "Ann")
    ]
    await ann(tickets.update, number=first, status="solved")
    assert (await ann(tickets.queue, view="team")).desk.counts["team"] == 0
    await ann(tickets.update, number=first, team=None)
    assert (await ann(tickets.page, number=first)).ticket.team is None


async def test_a_team_that_does_not_exist_gets_nothing(world: World) -> None:
    (number,) = await received(world, 1)
    globex = await world.neighbour()
    foreign = await (await globex.signed_in("bo"))(teams.create, name="Next door")
    for team in (uuid4(), foreign):
        with pytest.raises(rpc.Invalid) as refused:
            await world.acme.by_token("ann")(tickets.update, number=number, team=team)
        assert "team" in refused.value.fields


@pytest.mark.asvs("V8.2.2")
async def test_a_limited_agent_sees_and_works_what_is_theirs_or_their_teams(world: World) -> None:
    iris = await limited(world)
    team = await made(world, "Printers", "Iris")
    own, teams_, other = await received(world, 3)
    ann, known = await world.acme.signed_in("ann"), await ids(world)
    await ann(tickets.update, number=own, assignee=known["Iris"])
    await ann(tickets.update, number=teams_, team=team)
    queue = await iris(tickets.queue, view="all")
    assert {row.number for row in queue.tickets.items} == {own, teams_}
    assert queue.desk.counts["open"] == 2
    # The same requester wrote all three: what is beside a ticket is limited as well.
    assert [one.number for one in (await iris(tickets.page, number=own)).ticket.others] == [teams_]
    await iris(tickets.reply, number=teams_, body="On my way.")
    await iris(tickets.note, number=own, body="Noted.")
    shown = await ann(tickets.page, number=other)
    refused = (
        iris(tickets.page, number=other),
        iris(tickets.reply, number=other, body="x"),
        iris(tickets.note, number=other, body="x"),
        iris(tickets.update, number=other, assignee=known["Iris"]),
        iris(messages.body, shown.messages[0].id),
        iris(attachments.link, shown.messages[0].files[0].id),
    )
    for call in refused:
        with pytest.raises(rpc.NotFound):
            await call
    assert (await ann(tickets.page, number=other)).messages == shown.messages


@pytest.mark.flaw("Zulip CVE-2024-27286")
async def test_a_limited_agent_who_leaves_the_team_leaves_its_tickets(world: World) -> None:
    iris, team = await limited(world), await made(world, "Printers", "Iris")
    (number,) = await received(world, 1)
    await world.acme.by_token("ann")(tickets.update, number=number, team=team)
    await iris(tickets.page, number=number)
    await (await world.acme.signed_in("bo"))(teams.update, team=team, members=[])
    with pytest.raises(rpc.NotFound):
        await iris(tickets.page, number=number)


async def test_what_a_limited_agent_opens_is_theirs(world: World) -> None:
    iris = await limited(world)
    written = await iris(tickets.open, subject="S", body="B", requester_email="omar@x.example")
    page = await iris(tickets.page, number=written.number)
    assert page.ticket.assignee is not None
    assert page.ticket.assignee.name == "Iris"


async def test_teams_cost_pages_no_statement_each(world: World) -> None:
    (number,) = await received(world, 1)
    ann = await world.acme.signed_in("ann")
    counted = set()
    for position in range(3):
        team = await made(world, f"Team {position}", "Ann", "Bo")
        await ann(tickets.update, number=number, team=team)
        with StatementCounter() as queue:
            await ann(tickets.queue, view="team")
        with StatementCounter() as ticket:
            await ann(tickets.page, number=number, view="team")
        counted.add((queue.count, ticket.count))
    assert len(counted) == 1
    assert max(queue for queue, _ in counted) <= 6
    assert max(ticket for _, ticket in counted) <= 8


async def test_a_limited_agent_changes_many_tickets_of_theirs_and_no_others(world: World) -> None:
    iris = await limited(world)
    own, other = await received(world, 2)
    ann, known = await world.acme.signed_in("ann"), await ids(world)
    await ann(tickets.update, number=own, assignee=known["Iris"], add_tags=["toner"])
    await ann(tickets.update, number=other, add_tags=["secret"])
    assert [one.name for one in (await iris(tickets.queue)).tags] == ["toner"]
    given = await iris(tickets.update_many, numbers=[own, other], assignee=known["Ann"])
    assert [(one.number, one.outcome) for one in given.results] == [(own, "changed"), (other, "missing")]
    undone = await iris(tickets.undo, given.id)
    assert [(one.number, one.outcome) for one in undone.results] == [(own, "missing")]
    assert (await ann(tickets.read, number=other)).assignee is None
    back = await ann(tickets.update, number=own, assignee=known["Iris"])
    assert not back.gone
    assert not (await iris(tickets.update, number=own, priority="high")).gone
    assert (await iris(tickets.update, number=own, assignee=known["Ann"])).gone


async def test_a_team_is_changed_together_with_the_rest(world: World) -> None:
    team = await made(world, "Printers", "Ann")
    (number,) = await received(world, 1)
    ann = await world.acme.signed_in("ann")
    await ann(tickets.update, number=number, team=team, status="open", subject="Smoke", add_tags=["late"])
    page = await ann(tickets.page, number=number)
    assert page.ticket.team is not None
    assert (page.ticket.status, page.ticket.subject, page.ticket.tags) == ("open", "Smoke", ["late"])
    assert [one.name for one in page.teams] == ["Printers"]
    assert [one.name for one in page.tags] == ["late"]
    assert {event.kind for event in page.events} >= {"team", "status", "subject", "tags"}
    await ann(tickets.update, number=number, removed="spam")
    with pytest.raises(TicketRemoved):
        await ann(tickets.update, number=number, team=None)


async def test_a_team_is_deleted_and_its_tickets_and_people_stay(world: World) -> None:
    """Each that is not solved says in its history where it was."""
    bo, iris = await world.acme.signed_in("bo"), await limited(world)
    team, other = await made(world, "Printers", "Iris", "Ann"), await made(world, "Machines", "Iris")
    numbers = await received(world, 5)
    for number in numbers:
        await bo(tickets.update, number=number, team=team)
    await bo(tickets.update, number=numbers[0], status="solved")
    await bo(tickets.update, number=numbers[4], team=other)
    assert (await bo(teams.read, team=team)).unsolved == 3
    assert await bo(teams.delete, team=team) == 3
    assert [one.name for one in await bo(teams.list)] == ["Machines"]
    assert [row.number for row in (await iris(tickets.list)).items] == [numbers[4]]
    for number in numbers[:4]:
        shown = await bo(tickets.page, number=number)
        assert shown.ticket.team is None
        told = [(one.before, one.after) for one in shown.events if one.kind == "team"][1:]
        assert told == ([] if number == numbers[0] else [({"team": "Printers"}, {"team": None})])
    for gone in (teams.read, teams.delete):
        with pytest.raises(rpc.NotFound):
            await bo(gone, team=team)
    with pytest.raises(rpc.Invalid):
        await bo(tickets.update, number=numbers[0], team=team)
    (entry,) = [one for one in (await bo(audits.page)).items if one.method == "teams.delete"]
    assert (entry.facts or {})["team"] == "Printers"


# The same ticket so many times more.
MORE = """
INSERT INTO app.tickets SELECT (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(), 'number', n))).*
FROM app.tickets one, generate_series({first}, {last}) n WHERE one.number = {number} RETURNING 1
"""


async def test_of_many_tickets_of_a_team_all_go_and_of_too_many_none(world: World) -> None:
    bo, team = await world.acme.signed_in("bo"), await made(world, "Printers")
    (number,) = await received(world, 1)
    await bo(tickets.update, number=number, team=team)
    await world.rows(world.acme, MORE.format(first=1001, last=6000, number=number))
    with pytest.raises(rpc.Conflict, match="Give them to another one first"):
        await bo(teams.delete, team=team)
    assert (await bo(teams.read, team=team)).unsolved == 5001
    await world.rows(world.acme, "DELETE FROM app.tickets WHERE number > 1600 RETURNING 1")
    assert await bo(teams.delete, team=team) == 601
    assert await world.rows(world.acme, "SELECT 1 FROM app.tickets WHERE team_id IS NOT NULL") == []
