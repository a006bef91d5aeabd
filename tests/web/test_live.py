"""Streams of open pages, against a real PostgreSQL."""

import asyncio
import json
from contextlib import suppress
from uuid import UUID

import pytest
from starlette.types import Message

import rpc
from orm import StatementCounter
from rpc import Credential, Kind
from seldesk.methods.desk import live, members, people, profile, teams, tickets
from seldesk.web.live import Bounds, Hub, TooManyStreams
from tests.live import Tab, serving, until
from tests.web.stage import SESSION, Stage, edge
from tests.web.visitor import FROM_OUR_PAGE, Visitor
from tests.world import CLEO, PASSWORD, Desk, World, mail


async def opened(desk: Desk, subject: str = "It smokes") -> int:
    call = desk.by_token("ann")
    return (await call(tickets.open, subject=subject, body="Help.", requester_email=CLEO)).number


async def person(desk: Desk, name: str) -> UUID:
    agents = await desk.by_token("bo")(tickets.agents)
    return next(agent.id for agent in agents if agent.name == name.title())


def everything(desk: Desk) -> str:
    """News that so much has changed that all is to be read anew."""
    return json.dumps({"customer": str(desk.id), "many": True})


async def ready(tab: Tab, desk: Desk) -> None:
    """What is told reaches this page, by way of the database."""
    while True:
        await desk.app.control.tell("control", ("live", everything(desk)))
        with suppress(TimeoutError):
            async with asyncio.timeout(0.3):
                await tab.next("again")
                return


@pytest.mark.asvs("V4.4.1")
async def test_what_others_do_is_told_by_ids_alone(world: World) -> None:
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    async with serving(world) as app, Tab(app, ann) as hers, Tab(app, bo) as his:
        assert hers.headers["content-type"].startswith("text/event-stream")
        assert (hers.headers["cache-control"], hers.headers["x-accel-buffering"]) == ("no-store, no-transform", "no")
        await ready(hers, world.acme)
        await ready(his, world.acme)
        number = await opened(world.acme, "Secret subject")
        written = await bo(tickets.reply, number=number, body="Secret answer")
        while (told := (await hers.next("tickets"))[1][0])["message"] != str(written.id):
            pass
        assert (told["number"], told["mine"]) == (number, False)
        while (told := (await his.next("tickets"))[1][0])["message"] != str(written.id):
            pass
        assert told["mine"]
        await world.acme.mail(mail("Secret subject"))
        assert (await hers.next("tickets"))[1][0]["number"] == number + 1
        assert "ecret" not in hers.text + his.text
        assert "smoke" not in hers.text


@pytest.mark.asvs("V4.4.2")
@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "cross-site"}])
async def test_only_a_page_of_this_host_may_listen(world: World, headers: dict[str, str]) -> None:
    ann = await world.acme.signed_in("ann")
    async with Tab(world.app.web(), ann, headers=headers) as tab:
        assert tab.status == 403


@pytest.mark.asvs("V4.4.3", "V4.4.4")
async def test_who_is_not_signed_in_here_as_an_agent_may_not_listen(world: World) -> None:
    """The session of a page, checked as for any page, and good at its own customer only."""
    ann, globex = await world.acme.signed_in("ann"), await world.neighbour()
    app = world.app.web()
    for call, host, status in (
        (None, "acme.localhost", 401),
        (world.acme.calling(Kind.PERSON, "forged"), "acme.localhost", 401),
        (world.acme.by_token("ann"), "acme.localhost", 401),
        (ann, "globex.localhost", 401),
        (ann, "unknown.localhost", 404),
        (await globex.signed_in("ann"), "acme.localhost", 401),
    ):
        async with Tab(app, call, host=host) as tab:
            assert tab.status == status


async def test_a_neighbour_hears_nothing(world: World) -> None:
    globex = await world.neighbour()
    his = await globex.signed_in("bo")
    async with serving(world) as app, Tab(app, his, host="globex.localhost") as tab:
        await ready(tab, globex)
        await opened(world.acme)
        number = await opened(globex)
        assert [one["number"] for one in (await tab.next("tickets"))[1]] == [number]
        assert [event for event, _ in tab.events].count("tickets") == 1


@pytest.mark.flaw("Odoo CVE-2021-44460")
@pytest.mark.asvs("V7.4.1")
@pytest.mark.parametrize("way", ["sign out", "end session", "disable", "password", "role", "requester"])
async def test_whoever_may_not_listen_any_more_is_cut_off_at_the_next_event_and_told_nothing(
    world: World, way: str
) -> None:
    bo, ann = await world.acme.signed_in("bo"), await world.acme.signed_in("ann")
    elsewhere = await world.acme.signed_in("ann")
    id = await person(world.acme, "ann")
    async with serving(world) as app, Tab(app, elsewhere) as tab, Tab(app, bo) as his:
        await ready(tab, world.acme)
        match way:
            case "sign out":
                await elsewhere(people.sign_out)
            case "end session":
                for session in await ann(people.sessions):
                    if not session.current:
                        await ann(people.end_session, session=session.id)
            case "disable":
                await bo(members.disable, person=id)
            case "password":
                await ann(profile.change_password, current=PASSWORD, password="another long password")
            case "role":
                await bo(members.update, person=id, role="limited")
            case "requester":
                await world.rows(world.acme, "UPDATE app.people SET role = 'requester' WHERE name = 'Ann' RETURNING id")
        await world.acme.mail(mail())
        await tab.end()
        assert {event for event, _ in tab.events} == {"again"}
        assert (await his.next("tickets"))[1][0]["number"] == 1


@pytest.mark.asvs("V7.4.1")
async def test_without_any_event_a_session_that_is_over_ends_its_stream_by_itself(world: World) -> None:
    """Within the time between two checks, which is less than 60 seconds."""
    assert Bounds().checked_every < 60
    world.app.live._bounds = Bounds(checked_every=0.2)
    ann = await world.acme.signed_in("ann")
    async with Tab(world.app.web(), ann) as tab:
        await until(lambda: "retry" in tab.text)
        await ann(people.sign_out)
        await tab.end()


@pytest.mark.flaw("Zulip CVE-2024-27286")
async def test_a_limited_agent_hears_only_of_what_they_may_see(world: World) -> None:
    """A ticket that was moved away is not heard of any more."""
    bo, id = await world.acme.signed_in("bo"), await person(world.acme, "ann")
    await bo(members.update, person=id, role="limited")
    team = await bo(teams.create, name="Billing")
    await bo(teams.update, team=team, name="Billing", members=[id])
    ann = await world.acme.signed_in("ann")
    async with serving(world) as app, Tab(app, ann) as hers, Tab(app, bo) as his:
        await ready(hers, world.acme)
        await world.acme.mail(mail())
        await his.next("tickets")
        await bo(live.attend, number=1, tab="t", doing="viewing")
        await bo(tickets.update, number=1, team=team)
        assert (await hers.next("tickets"))[1][0]["number"] == 1
        await bo(live.attend, number=1, tab="t", doing="writing")
        assert (await hers.next("presence"))[1]["people"][0]["doing"] == "writing"
        await bo(tickets.update, number=1, team=None)
        heard = len(hers.events)
        noted = await bo(tickets.note, number=1, body="Between us")
        await bo(live.attend, number=1, tab="t", doing="viewing")
        while (await his.next("tickets"))[1][0]["message"] != str(noted.id):
            pass
        assert len(hers.events) == heard
        await bo(tickets.update, number=1, assignee=id)
        assert (await hers.next("tickets"))[1][0]["number"] == 1
        with pytest.raises(rpc.NotFound):
            await ann(live.attend, number=2, tab="t", doing="viewing")


async def test_one_statement_tells_all_pages_of_a_customer(world: World) -> None:
    calls = [await world.acme.signed_in(name) for name in ("ann", "bo")]
    sessions = [(await call(live.open)).session for call in calls]
    first, second = await opened(world.acme), await opened(world.acme)
    ids = [UUID(one) for one in await world.rows(world.acme, "SELECT id FROM app.tickets")]
    with StatementCounter() as counter:
        found = await world.acme.program(Kind.JOB)(live.audience, sessions=sessions, tickets=ids)
    assert counter.count == 1
    assert {(one.session, one.number) for one in found.listeners} == {
        (session, number) for session in sessions for number in (first, second)
    }


async def test_five_hundred_pages_listen_without_a_connection_and_all_hear(world: World) -> None:
    hub = Hub(world.app.dispatcher.calling, Bounds(of_person=500))
    object.__setattr__(world.app, "live", hub)
    calls = [await world.acme.signed_in(name) for name in ("ann", "bo")]
    async with serving(world) as app:
        tabs = [Tab(app, calls[at % 2]) for at in range(500)]
        for at in range(0, 500, 20):
            await asyncio.gather(*(tab.__aenter__() for tab in tabs[at : at + 20]))
        assert hub.streams == 500
        await until(lambda: all("retry" in tab.text for tab in tabs))
        await asyncio.sleep(0.2)
        theirs = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user"
        states = await world.rows(world.acme, theirs)
        assert set(states) <= {"idle"}
        assert len(states) <= world.app.settings.database.per_tenant
        with StatementCounter() as counter:
            await world.acme.mail(mail())
            await asyncio.gather(*(tab.next("tickets") for tab in tabs))
        assert len([one for one in counter.statements if "secret.sessions" in one]) == 1
        await asyncio.gather(*(tab.__aexit__() for tab in tabs))
        assert hub.streams == 0


async def test_a_page_that_reads_too_slowly_is_told_to_read_anew(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    async with serving(world) as app, Tab(app, ann) as quick, Tab(app, ann, reads=False) as slow:
        await ready(quick, world.acme)
        for _ in range(120):
            await world.app.live.heard(everything(world.acme))
            await quick.next("again")
        slow.reading.set()
        await slow.next("again")
        assert len(slow.events) <= 100


async def test_the_one_too_many_is_refused_and_all_end_with_the_process(world: World) -> None:
    hub = world.app.live
    hub._bounds = Bounds(of_person=2)
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    app = world.app.web()
    async with Tab(app, ann) as first, Tab(app, ann) as second, Tab(app, ann) as third, Tab(app, bo) as his:
        assert (first.status, second.status, third.status, his.status) == (200, 200, 429, 200)
        assert int(third.headers["retry-after"]) > 0
        # Of those that left the room is free again.
        await first.__aexit__()
        async with Tab(app, ann) as fourth:
            assert fourth.status == 200
        await hub.close()
        for tab in (second, his):
            await tab.end()
        with pytest.raises(TooManyStreams):
            hub.open(world.app.directory.active()[0], await ann(live.open))


@pytest.mark.asvs("V15.2.2")
async def test_one_customer_never_takes_all_the_streams_of_a_process(world: World) -> None:
    """However many people it has: its own pages are refused, with a time to wait, and its neighbour's listen."""
    defaults, globex = Bounds(), await world.neighbour()
    assert defaults.of_person < defaults.of_customer <= defaults.in_process / 4
    world.app.live._bounds = Bounds(in_process=4, of_customer=2)
    ann, bo, app = await world.acme.signed_in("ann"), await world.acme.signed_in("bo"), world.app.web()
    async with Tab(app, ann) as one, Tab(app, bo) as two, Tab(app, bo) as three:
        assert (one.status, two.status, three.status) == (200, 200, 429)
        assert int(three.headers["retry-after"]) > 0
        his = await globex.signed_in("bo")
        there = "globex.localhost"
        async with Tab(app, his, host=there) as four, Tab(app, his, host=there) as five:
            assert (four.status, five.status) == (200, 200)
            world.app.live._bounds = Bounds(in_process=4, of_customer=3)
            async with Tab(app, ann) as full:
                assert (full.status, int(full.headers["retry-after"]) > 0) == (503, True)
    assert world.app.live.streams == 0


async def test_a_page_that_was_gone_before_its_answer_began_leaves_no_stream(world: World) -> None:
    ann = await world.acme.signed_in("ann")
    opening, customer = await ann(live.open), world.app.directory.active()[0]

    async def gone(_: Message) -> None:
        raise OSError("the connection is lost")

    async def asked() -> Message:
        return {"type": "http.disconnect"}

    answer = world.app.live.open(customer, opening)
    assert world.app.live.streams == 1
    with pytest.raises(OSError, match="lost"):
        await answer({"type": "http"}, asked, gone)
    assert world.app.live.streams == 0


async def test_what_cannot_be_checked_any_more_ends(stage: Stage) -> None:
    stage.answers["live.audience"] = rpc.Unavailable()
    hub = Hub(stage.calling, Bounds(checked_every=0.1, unchecked=0.1))
    app, ann = edge(stage, hub=hub), stage.calling(Credential(kind=Kind.PERSON, secret=SESSION))
    async with Tab(app, ann, host="acme.localhost:8000") as tab:
        await tab.end()
        assert tab.events == []


async def test_nobody_tells_where_they_are_too_often(ann: Visitor) -> None:
    token = await ann.form_token("/desk/tickets/4821")
    told = {"form_token": token, "tab": "one", "doing": "viewing"}
    answers = [await ann.post("/desk/tickets/4821/presence", data=told, headers=FROM_OUR_PAGE) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [204] * 60 + [429]


async def test_who_looks_and_who_writes_is_shown_and_gone_soon(world: World) -> None:
    world.app.live._bounds = Bounds(present=0.4, heartbeat=0.1)
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    number = await opened(world.acme)
    async with serving(world) as app, Tab(app, ann) as hers:
        await ready(hers, world.acme)
        await bo(live.attend, number=number, tab="one", doing="viewing")
        _, told = await hers.next("presence")
        assert told["number"] == number
        assert [(one["name"], one["doing"]) for one in told["people"]] == [("Bo", "viewing")]
        async with Tab(app, ann) as late:
            assert (await late.next("presence"))[1]["people"] == told["people"]
        await bo(live.attend, number=number, tab="one", doing="writing")
        assert (await hers.next("presence"))[1]["people"][0]["doing"] == "writing"
        assert (await hers.next("presence"))[1]["people"] == []
        assert ": still here" in hers.text
        with StatementCounter() as counter:
            await bo(live.attend, number=number, tab="one", doing="viewing")
            await hers.next("presence")
        assert not [one for one in counter.statements if not one.startswith("SELECT")]


async def test_what_requesters_said_is_announced_to_whom_it_concerns(world: World) -> None:
    ann, bo = await world.acme.signed_in("ann"), await world.acme.signed_in("bo")
    await world.acme.mail(mail())
    assert [(one.number, one.author, one.opened) for one in await ann(live.arrivals, numbers=[1, 2])] == [
        (1, "Cleo Camp", True)
    ]
    await bo(tickets.note, number=1, body="Mine")
    await bo(tickets.update, number=1, assignee=await person(world.acme, "bo"))
    await world.acme.mail(mail(message_id="<again@cleo.example>", headers={"In-Reply-To": "<first@cleo.example>"}))
    assert await ann(live.arrivals, numbers=[1]) == []
    assert [(one.number, one.opened) for one in await bo(live.arrivals, numbers=[1])] == [(1, False)]
