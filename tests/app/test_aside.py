"""A copy on the side: whole, at an address of its own, and nothing leaves it or comes in."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import rpc
from orm.provision import check_catalogue
from rpc import Kind
from seldesk.app.aside import ask_for_drills, remove_sides
from seldesk.app.installation import provisioner
from seldesk.app.operations import operations
from seldesk.app.reconcile import reconcile
from seldesk.errors import NoSuchCopy, OnTheSide
from seldesk.jobs.provision import Provisioner
from seldesk.methods.control import alerts, coverage, endings, leases, purges, restores, sides
from seldesk.methods.control.restores import Restore
from seldesk.methods.desk import (
    account,
    attachments,
    branding,
    housekeeping,
    members,
    outbox,
    people,
    restored,
    tickets,
)
from seldesk.models.control.restore import MOST_ATTEMPTS
from tests.app.copied import asked, copied, standing, work
from tests.app.copied import restored as done
from tests.faults import superuser
from tests.web.visitor import Visitor
from tests.world import PASSWORD, Desk, World, address, mail

# 59 besides acme, each with a copy as its is.
MANY = """
INSERT INTO control.customers SELECT (jsonb_populate_record(c, jsonb_build_object(
    'id', gen_random_uuid(), 'slug', 'other-' || n, 'database', 'c_other' || n))).*
FROM control.customers c, generate_series(1, 59) n WHERE slug = 'acme';
INSERT INTO control.copies SELECT (jsonb_populate_record(o, jsonb_build_object(
    'id', gen_random_uuid(), 'customer_id', c.id))).*
FROM control.copies o, control.customers c WHERE c.slug LIKE 'other-%';
"""


async def nobody_else() -> None:
    """What a job calls to say that it is still at it."""


async def databases(world: World) -> list[str]:
    return await provisioner(world.app.settings, world.app.cluster).databases()


async def subjects(call: rpc.Call) -> list[str]:
    return sorted(row.subject for row in (await call(tickets.list)).items)


async def a_ticket(desk: Desk, subject: str = "The printer smokes") -> None:
    await desk.mail(mail(subject=subject, message_id=f"<{subject.replace(' ', '')}@cleo.example>"))


@pytest.mark.long
async def test_it_shows_what_was_copied_and_nothing_is_changed_leaves_or_comes_in(world: World) -> None:
    acme = world.acme
    await a_ticket(acme)
    bo = await acme.signed_in("bo")
    copy = await copied(world, acme)
    await a_ticket(acme, "After the copy")
    ann = next(one for one in (await bo(members.list)).items if one.name == "Ann")
    await bo(members.disable, person=ann.id)
    row = await done(world, acme, "aside", copy)
    assert (row.state, row.error, row.superseded) == ("open", "", 1)
    assert row.slug.startswith("acme--")
    side = standing(acme, row)
    assert await check_catalogue_but_writes(world, row) == []
    # Nobody is signed in any more, nor is who was disabled since.
    assert await world.rows(side, "SELECT count(*) FROM secret.sessions") == ["0"]
    with pytest.raises(rpc.Unauthenticated):
        await side.calling(Kind.TOKEN, acme.tokens["ann"])(tickets.list)
    refused = await side.calling(Kind.ANONYMOUS, "")(people.sign_in, email=address("ann", "acme"), password=PASSWORD)
    assert refused.token is None
    his = await signed_in(side, "bo")
    assert await subjects(his) == ["The printer smokes"]
    assert await subjects(bo) == ["After the copy", "The printer smokes"]
    await his(tickets.page, number=1)
    for method, given in ((tickets.reply, {"number": 1, "body": "Hello"}), (members.disable, {"person": ann.id})):
        with pytest.raises(OnTheSide):
            await his(method, **given)
    # PostgreSQL refuses it too.
    async with superuser(world.server, row.database) as inside:
        may = "SELECT has_table_privilege($1, 'app.tickets', 'UPDATE'), has_table_privilege($1, 'log.events', 'INSERT')"
        assert tuple(await inside.fetchrow(may, row.database)) == (False, False)
    # No mail comes in, and no worker finds it.
    assert world.app.mail(f"{row.slug}.localhost") is None
    assert [one.slug for one in world.app.directory.active()] == ["acme"]
    assert await world.rows(side, "SELECT DISTINCT state FROM app.outbox") == ["superseded"]
    assert await side.program(Kind.JOB)(outbox.next_due) is None
    # Each page says what it is, and until when.
    async with Visitor(world.app.web(), f"{row.slug}.localhost:8000", known=False) as visitor:
        page = (await visitor.get("/desk/sign-in")).text
        assert "Copy on the side, of 2 March 2026" in page
        assert "Removed on 8 March 2026" in page
        assert (
            "Copy on the side" not in (await visitor.get("/desk/sign-in", headers={"Host": "acme.localhost:8000"})).text
        )
    # When the customer leaves, nothing of it is reached any more.
    await world.app.program(Kind.COMMAND)(endings.terminate, slug="acme")
    await world.app.refresh()
    assert world.app.directory.find(row.slug) is None


async def check_catalogue_but_writes(world: World, row: Restore) -> list[str]:
    found = await check_catalogue(world.server.superuser, row.database)
    return [one.detail for one in found if "app.seen" not in one.detail and " on table app.seen" not in one.detail]


async def signed_in(side: Desk, name: str) -> rpc.Call:
    call = side.calling(Kind.ANONYMOUS, "")
    answer = await call(people.sign_in, email=address(name, "acme"), password=PASSWORD)
    assert answer.token is not None
    return side.calling(Kind.PERSON, answer.token)


@pytest.mark.long
@pytest.mark.flaw("Odoo CVE-2021-44460", "FreeScout CVE-2026-27637")
async def test_what_is_changed_in_an_open_one_stays_in_it(world: World) -> None:
    acme = world.acme
    await acme.mail(mail(files={"plan.txt": b"plan"}))
    await world.deliver(acme)
    sent = len(world.relay.sent)
    await copied(world, acme)
    row = await done(world, acme, "aside", writable=True)
    side = standing(acme, row)
    bo = await signed_in(side, "bo")
    await bo(tickets.reply, number=1, body="Nobody gets this")
    await world.deliver(acme)
    assert len(world.relay.sent) == sent
    async with superuser(world.server, "seldesk_control") as control:
        noted = await control.fetchval("SELECT count(*) FROM control.wakeups WHERE due_at > $1", world.clock.now())
        assert noted <= 1  # that of the letter which was delivered
    # What concerns the whole is decided in the living one, and its files are not removed from here.
    for method, given in (
        (account.pause, {"reason": "x"}),
        (account.terminate, {"password": PASSWORD, "name": "Acme Support"}),
        (branding.update, {"name": "Another", "accent": "#123456"}),
    ):
        with pytest.raises(OnTheSide):
            await bo(method, **given)
    await acme.mail(mail(message_id="<later@cleo.example>", files={"later.txt": b"later"}))
    # Older than a day, and named by no row of the side: it is the living one's.
    world.clock.set(datetime.now(UTC) + timedelta(days=2))
    assert await side.program(Kind.JOB)(housekeeping.sweep) > 0
    later = (await acme.by_token("ann")(tickets.read, number=2, messages=True)).messages
    assert later is not None
    assert (await acme.by_token("ann")(attachments.read, attachment=later[0].files[0].id)).content == b"later"
    assert len((await acme.by_token("ann")(tickets.read, number=1, messages=True)).messages or []) == 1
    # Who may less while it stands there may less there too, and who is disabled is out of it.
    living, hers = await acme.signed_in("bo"), await signed_in(side, "ann")
    assert await subjects(hers) == ["The printer smokes"]
    ann = next(one.id for one in (await living(members.list)).items if one.name == "Ann")
    await living(members.update, person=ann, role="limited")
    assert await subjects(hers) == []
    await living(members.disable, person=ann)
    with pytest.raises(rpc.Unauthenticated):
        await hers(tickets.list)


@pytest.mark.long
async def test_what_is_not_as_its_manifest_says_is_never_opened(world: World) -> None:
    acme, globex = world.acme, await world.neighbour()
    await a_ticket(acme)
    before = await databases(world)
    good = await copied(world, acme)
    newer = await copied(world, acme, revision="0099")
    other = await copied(world, globex)
    stores = [Path(place) / "copies" for place in world.app.settings.stores]
    # Another's copy under its name, in both stores; one store alone would be passed over.
    for store in stores:
        for suffix in (".age", ".manifest"):
            shutil.copy(store / f"{globex.id}/{other}{suffix}", store / f"{acme.id}/{good}{suffix}")
    swapped = await done(world, acme, "aside", good)
    assert (swapped.state, "another" in swapped.error) == ("failed", True)
    refused = await done(world, acme, "aside", newer)
    assert (refused.state, "newer version" in refused.error) == ("failed", True)
    with pytest.raises(NoSuchCopy):
        await asked(world, "acme", "aside", other)
    assert await databases(world) == before
    assert (await world.app.program(Kind.COMMAND)(leases.read, slug="acme")).over


@pytest.mark.long
@pytest.mark.fault(15)
async def test_who_was_erased_since_does_not_come_back(world: World) -> None:
    acme, job = world.acme, world.app.program(Kind.JOB)
    await a_ticket(acme)
    copy = await copied(world, acme)
    cleo = UUID((await world.rows(acme, "SELECT id FROM app.people WHERE role = 'requester'"))[0])
    world.clock.move(timedelta(minutes=1))
    await job(purges.record, erasure=uuid4(), kind="person", customer=acme.id, person=cleo)
    row = await done(world, acme, "aside", copy)
    assert row.state == "open"
    side = standing(acme, row)
    assert "cleo" not in str(await world.rows(side, "SELECT email || name FROM app.people")).lower()
    assert await world.rows(side, "SELECT count(*) FROM app.messages WHERE text <> 'This was erased.'") == ["0"]
    await job(purges.record, erasure=uuid4(), kind="customer", customer=acme.id)
    gone = await done(world, acme, "aside", copy)
    assert (gone.state, gone.error) == ("failed", "This customer was erased.")
    assert {acme.database} == set(await databases(world)) - {row.database}


@pytest.mark.long
async def test_without_who_may_come_in_today_it_only_opens_where_the_living_one_is_lost(world: World) -> None:
    acme = world.acme
    await copied(world, acme)
    before = await databases(world)
    async with superuser(world.server, acme.database) as broken:
        await broken.execute("DROP TABLE secret.verifiers")
    row = await done(world, acme, "aside")
    assert (row.state, "cannot be read from the living database" in row.error) == ("failed", True)
    assert await databases(world) == before
    async with superuser(world.server, "postgres") as cluster:
        await cluster.execute(f"DROP DATABASE {acme.database} WITH (FORCE)")
    lost = await done(world, acme, "aside")
    assert (lost.state, lost.error) == ("open", "")
    # Its roles are left.
    await provisioner(world.app.settings, world.app.cluster).drop(acme.database)


@pytest.mark.long
async def test_it_goes_within_a_week_or_when_it_is_not_needed_and_is_nobodys_orphan(world: World) -> None:
    acme = world.acme
    await copied(world, acme)
    first, second = await done(world, acme, "aside"), await done(world, acme, "aside")
    await reconcile(world.app, nobody_else)
    told = await world.app.program(Kind.COMMAND)(alerts.list)
    assert not [one for one in told if one.subject.startswith("main")]
    assert {first.database, second.database} < set(await databases(world))
    await world.app.program(Kind.COMMAND)(sides.leave, slug=first.slug)
    await world.app.refresh()
    assert world.app.directory.find(first.slug) is None
    await remove_sides(world.app, nobody_else)
    assert first.database not in await databases(world)
    world.clock.move(timedelta(days=6))
    await remove_sides(world.app, nobody_else)
    await world.app.refresh()
    assert await databases(world) == [acme.database]
    assert world.app.directory.find(second.slug) is None


@pytest.mark.long
async def test_a_customer_that_is_erased_takes_it_along(world: World) -> None:
    acme = world.acme
    await copied(world, acme)
    row = await done(world, acme, "aside")
    await world.app.program(Kind.COMMAND)(endings.terminate, slug="acme", erasing="at once")
    await Provisioner(world.app.program(Kind.JOB), {"purge": operations(world.app)["purge"]}).work()
    await world.app.refresh()
    assert world.app.directory.find(row.slug) is None
    assert await databases(world) == []


@pytest.mark.long
@pytest.mark.fault(14)
async def test_a_worker_that_died_leaves_nothing_that_is_open(world: World) -> None:
    """Whoever takes over begins anew, in an empty database, and gives up when it never comes to an end."""
    acme = world.acme
    await copied(world, acme)
    one = await asked(world, "acme", "aside")
    job = world.app.program(Kind.JOB)
    assert await job(restores.claim) is not None
    makes = provisioner(world.app.settings, world.app.cluster)
    await makes.clone(one.database)
    assert not await makes.is_open(one.database)
    assert await job(restores.claim) is None
    world.clock.move(timedelta(hours=1))
    await work(world)
    assert (await job(restores.read, restore=one.id)).state == "open"
    two = await asked(world, "acme", "aside")
    for _ in range(MOST_ATTEMPTS):
        assert await job(restores.claim) is not None
        world.clock.move(timedelta(hours=1))
    await makes.clone(two.database)
    await work(world)
    assert (await job(restores.read, restore=two.id)).state == "failed"
    assert two.database not in await databases(world)


@pytest.mark.long
async def test_each_night_somebodys_copy_is_tested_and_who_was_tested_last_comes_last(world: World) -> None:
    acme, globex = world.acme, await world.neighbour()
    for desk in (acme, globex):
        await a_ticket(desk) if desk is acme else None
        await copied(world, desk)
    before, command = await databases(world), world.app.program(Kind.COMMAND)
    tested = []
    for _ in range(3):
        await ask_for_drills(world.app, nobody_else)
        await work(world)
        newest = (await command(restores.list))[0]
        assert (newest.kind, newest.state, newest.error) == ("drill", "done", "")
        tested.append(newest.customer)
        world.clock.move(timedelta(days=1))
    assert tested[0] != tested[1]
    assert tested[2] == tested[0]
    assert await databases(world) == before
    async with superuser(world.server, "seldesk_control") as control:
        rows = await control.fetch("SELECT restored_at, restore_seconds FROM control.copies")
        assert all(row["restored_at"] and row["restore_seconds"] for row in rows)
    # Nobody else can have somebody signed in.
    with pytest.raises(rpc.NotFound):
        await acme.program(Kind.JOB)(restored.try_out)


async def test_of_many_customers_so_many_are_tested_each_night_that_each_is_within_four_weeks(world: World) -> None:
    await copied(world, world.acme)
    async with superuser(world.server, "seldesk_control") as control:
        await control.execute(MANY)
    drill, nights = world.app.program(Kind.JOB), []
    for _ in range(28):
        nights.append(await drill(restores.drill))
        world.clock.move(timedelta(days=1))
    assert {len(one) for one in nights} == {3}
    assert len({customer for one in nights for customer in one}) == 60


@pytest.mark.long
async def test_a_bad_test_is_an_alert_until_a_good_one(world: World) -> None:
    acme, command = world.acme, world.app.program(Kind.COMMAND)
    copy = await copied(world, acme)
    objects = [Path(place) / f"copies/{acme.id}/{copy}.age" for place in world.app.settings.stores]
    whole = objects[0].read_bytes()
    for path in objects:
        path.write_bytes(whole[:-100])
    assert (await done(world, acme, "drill")).state == "failed"
    (alert,) = await command(alerts.list)
    assert (alert.check, alert.subject) == ("drills", f"acme: {copy}")
    job = world.app.program(Kind.JOB)
    assert (await job(coverage.figures)).failed_tests == 1
    assert (await job(coverage.shelf, customer=acme.id)).test_failed_at == world.clock.now()
    # From the store that has it whole.
    objects[1].write_bytes(whole)
    world.clock.move(timedelta(minutes=1))
    assert (await done(world, acme, "drill")).state == "done"
    assert await command(alerts.list) == []
    assert (await job(coverage.figures)).failed_tests == 0
    assert (await job(coverage.shelf, customer=acme.id)).test_failed_at is None


@pytest.mark.long
async def test_who_pays_comes_first_also_after_a_worker_died(world: World) -> None:
    desks = {slug: await world.neighbour(slug) for slug in ("free-1", "paid-1", "free-2", "paid-2")}
    async with superuser(world.server, "seldesk_control") as control:
        await control.execute("UPDATE control.customers SET plan = 'paid' WHERE slug ~ 'paid'")
    for desk in desks.values():
        await copied(world, desk)
        await asked(world, desk.slug, "drill" if desk.slug == "free-2" else "aside")
        world.clock.move(timedelta(seconds=1))
    job = world.app.program(Kind.JOB)

    async def begun() -> list[str]:
        claims = []
        while claim := await job(restores.claim):
            claims.append(claim.customer.slug)
        return claims

    first = await job(restores.claim)
    assert first is not None
    assert first.customer.slug == "paid-1"
    # Its worker dies: when its time is over it comes before everybody who has not begun, but for who pays too.
    world.clock.move(timedelta(hours=1))
    assert await job(restores.claim, drills=True) is None
    assert await begun() == ["paid-1", "paid-2", "free-1"]
    # Tests come when nobody waits for a restore; whoever asks for one then does not wait for a test.
    async with superuser(world.server, "seldesk_control") as control:
        await control.execute("UPDATE control.restores SET state = 'done' WHERE kind <> 'drill'")
    tested = await job(restores.claim, drills=True)
    assert tested is not None
    assert tested.customer.slug == "free-2"
