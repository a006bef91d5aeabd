"""A copy takes the place of the living database: what is newer and about safety stays, and no mail is sent again."""

from datetime import timedelta
from uuid import UUID

import pytest

import rpc
from orm.provision import Names, check_catalogue
from rpc import Kind
from seldesk.app.installation import provisioner
from seldesk.app.moving import drop_former
from seldesk.app.replacing import Received, receive_again
from seldesk.app.restores import restorer
from seldesk.errors import CustomerMoving
from seldesk.methods.control import leases, restores
from seldesk.methods.desk import entries, members, people, privacy, profile, roles, tickets
from tests.app.copied import asked, copied, restored, work
from tests.faults import superuser
from tests.phone import enrolled
from tests.world import DEVICE, PASSWORD, World, address, mail

NEW_PASSWORD = "another horse entirely"


async def nobody_else() -> None:
    """What a job calls to say that it is still at it."""


async def subjects(world: World) -> list[str]:
    return sorted(row.subject for row in (await world.acme.by_token("bo")(tickets.list)).items)


async def kept(world: World) -> list[str]:
    """The same where a new password has ended the token."""
    return await world.rows(world.acme, "SELECT subject FROM app.tickets ORDER BY subject")


async def databases(world: World) -> list[str]:
    return await provisioner(world.app.settings, world.app.cluster).databases()


async def received(world: World, subject: str) -> int | None:
    said = mail(subject=subject, message_id=f"<{subject.replace(' ', '')}@cleo.example>")
    return (await world.acme.mail(said)).ticket


async def test_all_is_as_it_was_but_for_who_may_come_in_and_no_mail_is_sent_again(world: World) -> None:
    acme, names = world.acme, Names(world.acme.database)
    await received(world, "Before")
    bo = await acme.signed_in("bo")
    people_ids = {one.name: one.id for one in (await bo(members.list)).items}
    old, gone = [await bo(roles.create, name=name, permissions=["settings.tags"]) for name in ("Old", "Gone")]
    await bo(members.update, person=people_ids["Ann"], role=str(gone))
    world.clock.move(timedelta(minutes=1))
    copy = await copied(world, acme)
    await bo(roles.update, role=old, name="Old", reach="own", permissions=[])
    new = await bo(roles.create, name="New")
    await bo(roles.delete, gone, instead=str(new))
    await bo(roles.create, name="Gone")
    await world.deliver(acme)
    sent = len(world.relay.sent)
    world.clock.move(timedelta(minutes=1))
    bo = await acme.signed_in("bo")
    changed = await bo(profile.change_password, current=PASSWORD, password=NEW_PASSWORD)
    bo = acme.calling(Kind.PERSON, changed.token or "")
    phone = await enrolled(world, "bo", bo)
    ann = next(one for one in (await bo(members.list)).items if one.name == "Ann")
    await bo(members.disable, person=ann.id)
    assert await received(world, "After the copy") == 2
    (cleo,) = await world.rows(acme, "SELECT id FROM app.people WHERE role = 'requester'")
    await bo(privacy.close, person=UUID(cleo))
    row = await restored(world, acme, "live", copy)
    assert (row.state, row.error, row.superseded) == ("done", "", 1)
    assert await kept(world) == ["Before"]
    # Nobody is signed in, who was disabled stays so, and password and second factor are those of today.
    with pytest.raises(rpc.Unauthenticated):
        await bo(tickets.list)
    call = acme.calling(Kind.ANONYMOUS, "")
    for name, password, comes_in in (("ann", PASSWORD, False), ("bo", PASSWORD, False), ("bo", NEW_PASSWORD, True)):
        answer = await call(people.sign_in, email=address(name, "acme"), password=password)
        assert (answer.token, answer.entry is not None) == (None, comes_in)
    by_recovery = await call(entries.by_code, secret=answer.entry or "", code=phone.codes[0], device=DEVICE)
    assert by_recovery.token is not None
    assert await world.rows(acme, "SELECT person_id FROM app.departures") == [cleo]
    # Nor does anybody come back to what a role held once, or to one that was taken from them.
    held = await world.rows(acme, "SELECT name || ' ' || reach || permissions::text FROM app.roles ORDER BY name")
    assert held == ["Gone all{}", "New all{}", "Old own{}"]
    assert await world.rows(acme, "SELECT role_id::text FROM app.people WHERE name = 'Ann'") == [str(new)]
    await world.deliver(acme)
    world.clock.move(timedelta(minutes=5))
    await world.deliver(acme)
    assert len(world.relay.sent) == sent
    # A number is not given out twice: a mail to the old ticket 2 must not come into another one.
    assert await received(world, "After the restore") == 3
    assert await check_catalogue(world.server.superuser, names.place) == []
    assert await databases(world) == [names.place, names.old]
    assert not await provisioner(world.app.settings, world.app.cluster).is_open(names.old)
    # The mail since the copy is there still, as it came; taken in twice it is there once.
    assert await receive_again(world.app, "acme", feed=False) == Received(1, 0, 0)
    for _ in range(2):
        assert await receive_again(world.app, "acme", feed=True) == Received(1, 1, 0)
    assert await kept(world) == ["After the copy", "After the restore", "Before"]
    world.clock.move(timedelta(days=6))
    await drop_former(world.app, nobody_else)
    assert await databases(world) == [names.place]
    assert await kept(world) == ["After the copy", "After the restore", "Before"]


@pytest.mark.fault(14)
async def test_killed_before_the_end_it_is_the_old_database_whole_and_then_begun_anew(world: World) -> None:
    acme, names = world.acme, Names(world.acme.database)
    await received(world, "Before")
    copy = await copied(world, acme)
    await received(world, "After the copy")
    job, makes = world.app.program(Kind.JOB), provisioner(world.app.settings, world.app.cluster)
    one = await asked(world, "acme", "live", copy)
    # Half of it is beside, and the doors are closed.
    claim = await job(restores.claim)
    assert claim is not None
    await makes.clone(names.new)
    assert await subjects(world) == ["After the copy", "Before"]
    back_at = world.clock.now() + timedelta(seconds=30)
    await job(restores.pause, restore=one.id, fence=claim.fence, back_at=back_at, superseded=0)
    await makes.shut(names.place)
    await world.app.refresh()
    with pytest.raises(CustomerMoving):
        await subjects(world)
    world.clock.move(timedelta(hours=1))
    # Whoever takes over opens the old one first, and one that cannot go on leaves it so.
    async with superuser(world.server, "seldesk_control") as control:
        await control.execute("UPDATE control.restores SET attempts = 3")
    await work(world)
    failed = await job(restores.read, restore=one.id)
    assert (failed.state, "never came to its end" in failed.error) == ("failed", True)
    assert await subjects(world) == ["After the copy", "Before"]
    assert await received(world, "And goes on") == 3
    assert await databases(world) == [names.place]
    assert (await world.app.program(Kind.COMMAND)(leases.read, slug="acme")).over


@pytest.mark.long
@pytest.mark.fault(14)
async def test_killed_after_it_took_the_place_it_is_opened_by_whoever_takes_over(world: World) -> None:
    acme, names = world.acme, Names(world.acme.database)
    await received(world, "Before")
    copy = await copied(world, acme)
    await received(world, "After the copy")
    one = await asked(world, "acme", "live", copy)
    async with superuser(world.server, "seldesk_control") as control:
        # What is written down of the swap never arrives.
        await control.execute(
            "CREATE FUNCTION control.gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'gone'; END $$;"
            "CREATE TRIGGER gone BEFORE UPDATE ON control.restores FOR EACH ROW WHEN (new.state = 'done')"
            " EXECUTE FUNCTION control.gone()"
        )
        try:
            await restorer(world.app).work()
        finally:
            await control.execute("DROP FUNCTION control.gone CASCADE")
    assert await databases(world) == [names.place, names.old]
    world.clock.move(timedelta(hours=1))
    await work(world)
    assert (await world.app.program(Kind.JOB)(restores.read, restore=one.id)).state == "done"
    assert await subjects(world) == ["Before"]
    assert await received(world, "After the restore") == 3


@pytest.mark.long
async def test_one_that_cannot_be_read_is_only_taken_the_place_of_when_that_was_said(world: World) -> None:
    acme = world.acme
    await received(world, "Before")
    copy = await copied(world, acme)
    async with superuser(world.server, acme.database) as broken:
        await broken.execute("DROP TABLE secret.verifiers")
    kept = await restored(world, acme, "live", copy)
    assert kept.state == "failed"
    assert await subjects(world) == ["Before"]
    one = await asked(world, "acme", "live", copy, safe=False)
    await work(world)
    assert (await world.app.program(Kind.JOB)(restores.read, restore=one.id)).state == "done"
    assert await subjects(world) == ["Before"]
    await acme.signed_in("bo")


async def test_a_database_that_is_lost_is_there_again(world: World) -> None:
    acme, names = world.acme, Names(world.acme.database)
    await received(world, "Before")
    await copied(world, acme)
    async with superuser(world.server, "postgres") as cluster:
        await cluster.execute(f"DROP DATABASE {names.place} WITH (FORCE)")
    assert (await restored(world, acme, "live")).state == "done"
    assert await subjects(world) == ["Before"]
    assert await databases(world) == [names.place]
