"""Nothing is left of a person inside a living customer: in the database, in both stores, in the audit."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

import rpc
from rpc import Kind
from seldesk.app.erasing import entering, erase_people
from seldesk.app.own_copies import only
from seldesk.app.stores import ledger
from seldesk.errors import NotLikeThis, TooLateToReturn
from seldesk.jobs.erasing import ErasingPeople
from seldesk.jobs.schedule import Jobs
from seldesk.methods.console import ops_people
from seldesk.methods.control import endings, purges
from seldesk.methods.desk import audits, erasures, members, people, privacy, tickets
from seldesk.models.desk.member import LastOwner
from seldesk.storage import Erasure
from tests.mailed import signed_in
from tests.world import CLEO, PASSWORD, World, address, mail

WORDS = "This was erased."
MINUTE = timedelta(minutes=1)
TABLES = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('app', 'secret', 'log')"


async def work(world: World) -> None:
    """The provisioner's process, two times: what must wait is done a minute later."""
    for _ in range(2):
        await Jobs(world.app.program(Kind.JOB), {"people": partial(erase_people, world.app)}).do_all()
        world.clock.move(MINUTE)


async def mentions(world: World, text: str) -> list[str]:
    """The tables in which this stands anywhere, but for hashes, where any four letters may stand."""
    found = []
    for table in await world.rows(world.acme, TABLES):
        said = r"regexp_replace(lower(t::text), '\$argon2[^)]*', '', 'g')"
        where = f"SELECT count(*) FROM {table} t WHERE strpos({said}, '{text}') > 0"  # noqa: S608 - ours
        if await world.rows(world.acme, where) != ["0"]:
            found.append(table)
    return found


async def person(world: World, email: str) -> UUID:
    return UUID((await world.rows(world.acme, f"SELECT id FROM app.people WHERE email = '{email}'"))[0])  # noqa: S608


@dataclass
class Told:
    """What Cleo left behind: her ticket, and Cem's, in which she takes part."""

    cleo: UUID
    hers: int
    his: int


@pytest.fixture
async def told(world: World) -> Told:
    acme, ann = world.acme, await world.acme.signed_in("ann")
    hers = (await acme.mail(mail(html="<p>Cleo: it smokes</p>", files={"cleo.txt": b"cleo's plan"}))).ticket or 0
    file = rpc.Upload("cleo-note.txt", "text/plain", b"internal, of cleo")
    await ann(tickets.note, number=hers, body="Cleo Camp never pays.", files=[file])
    await ann(tickets.reply, number=hers, body="Dear Cleo, off it goes.", cc=["carl@cleo.example"])
    await ann(tickets.update, number=hers, subject="Cleo's printer")
    from_cem = mail("Paper", "Good morning,\n\nno paper.", sender="Cem <cem@cem.example>", message_id="<cem@x>")
    his = (await acme.mail(from_cem, sender="cem@cem.example")).ticket
    await ann(tickets.reply, number=his or 0, body="Which one?", cc=[CLEO])
    asked = f"Re: Paper [#{his}]"
    await acme.mail(mail(asked, "cleo wrote in his", message_id="<cleo2@x>", headers={"References": "<cem@x>"}))
    await ann(tickets.search, query="cleo")
    await signed_in(world, CLEO)
    await acme.calling(Kind.ANONYMOUS, "")(people.sign_in, email=CLEO, password="guessed wrong")
    return Told(await person(world, CLEO), hers, his or 0)


@pytest.mark.long
async def test_an_erased_person_is_nowhere_and_the_chain_is_whole(world: World, told: Told) -> None:
    bo, ann = await world.acme.signed_in("bo"), await world.acme.signed_in("ann")
    stored = len(await world.app.storage.list(world.acme.id))
    assert len(await mentions(world, "cleo")) > 6
    with pytest.raises(rpc.Invalid):
        await bo(privacy.erase, person=told.cleo, password=PASSWORD, name="Cleo")
    assert not (await bo(privacy.erase, person=told.cleo, password="no", name="Cleo Camp")).begun
    assert (await bo(privacy.erase, person=told.cleo, password=PASSWORD, name="Cleo Camp")).begun
    with pytest.raises(TooLateToReturn):
        await bo(privacy.take_back, person=told.cleo)
    await work(world)
    assert await mentions(world, "cleo") == []
    assert (await bo(privacy.page, person=told.cleo)).person.state == "erased"
    # Two mails of hers, a file of hers, and one of the note: Cem's mail stays.
    assert stored - len(await world.app.storage.list(world.acme.id)) == 4
    whole = await bo(audits.verify)
    assert (whole.wrong, whole.left) == ("", False)
    ticket = await ann(tickets.page, number=told.hers)
    assert (ticket.ticket.subject, ticket.ticket.requester.name, ticket.ticket.status) == (
        WORDS,
        "Erased person",
        "closed",
    )
    assert {message.text for message in ticket.messages} == {WORDS}
    his = await ann(tickets.read, number=told.his, messages=True)
    assert [one.text.split("\n")[0] for one in his.messages or []] == ["Good morning,", "Which one?", WORDS]
    assert his.cc == []


async def test_the_operator_has_somebody_erased_where_no_owner_does_and_both_logs_say_so(
    world: World, told: Told
) -> None:
    why, reference = "The owner does not answer.", "DPA 17/2026"

    async def erase(
        email: str = CLEO, name: str = "Cleo Camp", reason: str = why, erasing: endings.Erasing = "asked"
    ) -> UUID:
        return await world.app.program(Kind.COMMAND)(
            ops_people.erase,
            slug="acme",
            email=email,
            name=name,
            reason=reason,
            reference=reference,
            erasing=erasing,
        )

    for wrong in ({"name": "Cleo"}, {"reason": "because"}):
        with pytest.raises(rpc.Invalid):
            await erase(**wrong)  # type: ignore[arg-type]  # all are texts
    with pytest.raises(rpc.NotFound):
        await erase("nobody@cleo.example")
    assert await world.rows(world.acme, "SELECT 1 FROM app.departures") == []
    assert await erase() == told.cleo
    bo = await world.acme.signed_in("bo")
    shown = (await bo(privacy.page, person=told.cleo)).person
    assert (shown.state, shown.erase_at) == ("left", world.clock.now() + timedelta(days=29))
    (entry,) = [one for one in (await bo(audits.page, kind="data")).items if one.method == "privacy.order"]
    facts = entry.facts or {}
    assert (facts["reason"], facts["reference"]) == (why, reference)
    await erase(erasing="at once")
    await work(world)
    assert await mentions(world, "cleo") == []
    assert (await bo(privacy.page, person=told.cleo)).person.state == "erased"
    logged = "SELECT objects ->> 'person' FROM control.operator_log WHERE kind = 'ops_people.erase'"
    assert await world.control_rows(logged) == [str(told.cleo)] * 2
    for table in ("control.leaving_people", "control.operator_log", "control.operator_facts"):
        where = f"SELECT count(*) FROM {table} t WHERE strpos(lower(t::text), 'cleo') > 0"  # noqa: S608 - ours
        assert await world.control_rows(where) == ["0"], table


@pytest.mark.long
async def test_the_ledger_says_it_first_and_an_older_copy_forgets_them_again(world: World, told: Told) -> None:
    bo = await world.acme.signed_in("bo")
    await bo(privacy.erase, person=told.cleo, password=PASSWORD, name="Cleo Camp")
    await work(world)
    [entry] = [one for one in await world.app.program(Kind.COMMAND)(purges.ledger) if one.kind == "person"]
    assert (entry.customer, entry.person) == (world.acme.id, told.cleo)
    for store in world.app.settings.stores:
        said = (await ledger(only(world.app.settings, store)).read()).entries[entry.id]
        assert (said.kind, said.person) == ("person", told.cleo)
    job = world.acme.program(Kind.JOB)
    assert await job(erasures.erase, person=told.cleo), "again, it does nothing"
    # As in a copy from before: she is there, and never left.
    cem = await person(world, "cem@cem.example")
    while not await job(erasures.erase, person=cem):
        pass
    assert await mentions(world, "cem@") == []
    assert await job(erasures.erase, person=world.acme.id), "nobody of this id was ever here"


@pytest.mark.long
async def test_one_who_works_here_goes_and_what_requesters_were_told_stays(world: World, told: Told) -> None:
    bo, ann = await world.acme.signed_in("bo"), await person(world, address("ann", "acme"))
    before = world.acme.by_token("ann"), await world.acme.signed_in("ann")
    await bo(privacy.close, person=ann)
    with pytest.raises(NotLikeThis):
        await bo(privacy.close, person=ann)
    assert (await bo(privacy.page, person=ann)).person.state == "left"
    for call in before:
        with pytest.raises(rpc.Unauthenticated):
            await call(tickets.agents)
    await bo(privacy.take_back, person=ann)
    await world.acme.signed_in("ann")
    with pytest.raises(LastOwner):
        await bo(privacy.close, person=await person(world, address("bo", "acme")))
    await bo(privacy.erase, person=ann, password=PASSWORD, name="Ann")
    await work(world)
    assert await mentions(world, "ann@acme") == []
    read = await world.acme.by_token("bo")(tickets.read, number=told.his, messages=True)
    assert [(one.author, one.text) for one in read.messages or []][1] == ("Erased person", "Which one?")
    assert "Ann" not in str(await bo(members.list))


@pytest.mark.long
@pytest.mark.fault(25)
@pytest.mark.parametrize("entered", [False, True])
async def test_cut_off_before_or_behind_the_ledger_the_next_does_it_and_says_it_once(
    world: World, told: Told, entered: bool
) -> None:
    bo, seen = await world.acme.signed_in("bo"), list[Erasure]()
    await bo(privacy.erase, person=told.cleo, password=PASSWORD, name="Cleo Camp")

    async def dying(entry: Erasure) -> None:
        seen.append(entry)
        if entered:
            await entering(world.app)(entry)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await ErasingPeople(world.app.program(Kind.JOB), world.app.job, dying).people(nothing)
    assert await mentions(world, "cleo") != []
    await work(world)
    assert await mentions(world, "cleo") == []
    rows = await world.app.program(Kind.COMMAND)(purges.ledger)
    assert [(one.id, one.erased_at) for one in rows] == [(seen[0].id, seen[0].erased_at)] or not entered


async def nothing() -> None:
    """Nobody is told."""
