"""Incidents: who is told and who is not, what the preview shows, and what became of it at each recipient."""

from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

import rpc
from rpc import Kind
from seldesk.app.serve import telling
from seldesk.jobs.incidents import SomeAreAway
from seldesk.jobs.outbox import Outboxes
from seldesk.jobs.relay import Letter, Refusal, Refused
from seldesk.methods.console import ops_deliveries, ops_incidents
from seldesk.methods.control import incidents, letters
from seldesk.surroundings import OPERATOR
from tests.acceptance.fleet import nobody_else
from tests.incidents import TEXT, crowd, deliver_all, named, published, written
from tests.staff import Member, hired
from tests.world import CLEO, World, address, mail


@pytest.fixture
async def mara(world: World) -> Member:
    hers = await hired(world, "operations")
    # What she was told of her own account.
    await deliver_all(world)
    world.relay.sent.clear()
    return hers


async def test_everyone_is_told_by_no_mail_and_of_no_customer(world: World, mara: Member) -> None:
    await named(world, "acme", "bo@acme.example")
    incident = await published(mara)
    await deliver_all(world)
    assert world.relay.sent == []
    shown = await mara.call(ops_incidents.read, incident=incident)
    assert (shown.incident.public, shown.deliveries, shown.incident.state) == (True, [], "open")
    told = await world.app.program(Kind.JOB)(incidents.told)
    assert [(one.title, one.severity, one.components, one.place) for one in told] == [
        ("Mail arrives late", "major", ["mail"], "")
    ]
    assert [(one.state, one.text) for one in told[0].updates] == [("investigating", TEXT)]
    assert {"status", "incidents"} <= {*await world.control_rows("SELECT kind FROM control.jobs")}


async def test_each_customer_concerned_gets_one_mail_under_one_id_and_nobody_else_any(
    world: World, mara: Member
) -> None:
    await crowd(world, 4)
    await world.control_rows("UPDATE control.customers SET state = 'terminated' WHERE slug = 'c0004' RETURNING 1")
    incident = await published(mara, "customers", customers="c0001\nC0002, acme c0001", public=True)
    await deliver_all(world)
    assert recipients(world) == ["owner1@c1.example", "owner2@c2.example"]
    shown = await mara.call(ops_incidents.read, incident=incident)
    assert {(one.slug, one.state, one.error) for one in shown.deliveries} == {
        ("c0001", "sent", ""),
        ("c0002", "sent", ""),
        ("acme", "failed", "No primary address is known."),
    }
    assert not shown.incident.public
    await mara.call(ops_incidents.update, incident=incident, step="identified", text="A disk is slow.")
    await mara.call(ops_incidents.resolve, incident=incident, text="It is exchanged.")
    await deliver_all(world)
    ids = [one.message_id for one in world.relay.sent]
    assert len(ids) == len(set(ids)) == 6
    subjects = [str(message_from_bytes(one.raw, policy=default)["Subject"]) for one in world.relay.sent]
    assert sorted({*subjects}) == ["Mail arrives late", "Resolved: Mail arrives late", "Update: Mail arrives late"]
    assert await world.app.program(Kind.JOB)(incidents.told) == []
    with pytest.raises(rpc.Invalid):
        await written(mara, "customers", customers="c0001 c0004")


async def test_a_cluster_and_a_data_centre_are_told_to_those_who_live_there(world: World, mara: Member) -> None:
    await crowd(world, 2, "far")
    await named(world, "acme", "bo@acme.example")
    await world.control_rows(
        "INSERT INTO control.clusters (name, data_centre, host, port, capacity, disk_gb, state, created_at)"
        " VALUES ('far', 'ams', 'db2', 5432, 10, 0, 'open', now()) RETURNING 1"
    )
    before = await mara.call(ops_incidents.preview, incident=await written(mara, "data_centre", data_centre="ams"))
    assert [one.slug for one in before.recipients] == ["c0001", "c0002"]
    await published(mara, "cluster", cluster="far")
    await deliver_all(world)
    assert recipients(world) == ["owner1@c1.example", "owner2@c2.example"]
    # Of the first cluster nobody has said where it stands: there the region says it.
    await published(mara, "data_centre", data_centre="fra", public=True)
    await deliver_all(world)
    assert recipients(world)[0] == "bo@acme.example"
    told = await world.app.program(Kind.JOB)(incidents.told)
    assert [one.place for one in told] == ["Frankfurt"]
    assert "acme" not in str(told)


async def test_the_preview_is_the_mail_and_the_page_that_follow(world: World, mara: Member) -> None:
    await crowd(world, 1)
    incident = await written(mara, "cluster", cluster="main", public=True, title="Größer <b>& slower</b>")
    shown = await mara.call(ops_incidents.preview, incident=incident)
    assert (shown.number, shown.without) == (2, 1)
    assert shown.letter is not None
    await mara.call(ops_incidents.publish, incident=incident)
    await deliver_all(world)
    (sent,) = world.relay.sent
    parsed = message_from_bytes(sent.raw, policy=default)
    bodies = [parsed.get_body((kind,)) for kind in ("plain", "html")]
    assert [shown.letter.text, shown.letter.html] == [body.get_content() for body in bodies if body is not None]
    assert (shown.letter.subject, shown.letter.recipient) == (parsed["Subject"], parsed["To"])
    assert "<b>& slower" not in shown.letter.html
    told = await world.app.program(Kind.JOB)(incidents.told)
    assert shown.told is not None
    assert [(one.title, one.updates[0].text, one.began_at) for one in told] == [
        (one.title, one.updates[0].text, one.began_at) for one in shown.told
    ]
    with pytest.raises(rpc.Conflict):
        await mara.call(ops_incidents.discard, incident=incident)


async def test_people_are_found_and_mailed_in_their_customers_database_and_only_counts_come_back(
    world: World, mara: Member
) -> None:
    await world.acme.mail(mail())
    globex = await world.neighbour()
    ann = (await world.rows(world.acme, "SELECT id FROM app.people WHERE name = 'Ann'"))[0]
    people = f"{CLEO}\n{ann}\nnobody@nowhere.example\n{address('ann', 'globex')}"
    incident = await published(mara, "people", customers="acme globex", people=people)
    assert CLEO in str(await world.control_rows("SELECT t::text FROM control.incidents t"))
    await telling(world.app).tell(nobody_else)
    # That a command added people is in the operator's log, by their ids.
    others = "SELECT tablename FROM pg_tables WHERE schemaname = 'control' AND tablename <> 'operator_log'"
    for table in await world.control_rows(others):
        rows = str(await world.control_rows(f"SELECT t::text FROM control.{table} t"))  # noqa: S608 - ours
        assert CLEO not in rows, table
        assert ann not in rows, table
    await world.deliver(world.acme)
    await world.deliver(globex)
    assert {one.recipients[0] for one in world.relay.sent if b"Mail arrives late" in one.raw} == {
        CLEO,
        "ann@acme.example",
        "ann@globex.example",
    }
    await mara.call(ops_incidents.resolve, incident=incident, text="It is over.")
    await telling(world.app).tell(nobody_else)
    await world.deliver(world.acme)
    await telling(world.app).tell(nobody_else)
    counted = (await mara.call(ops_incidents.read, incident=incident)).deliveries
    assert {(one.slug, one.found, one.missing) for one in counted} == {
        ("acme", 2, 2),
        ("globex", 1, 3),
        ("acme", 2, 0),
        ("globex", 1, 0),
    }
    assert {(one.slug, one.state) for one in counted if one.mails_sent == one.found} >= {("acme", "sent")}
    assert sum(b"Resolved: Mail arrives late" in one.raw for one in world.relay.sent) == 2
    audited = await world.rows(world.acme, "SELECT method FROM log.audit")
    assert audited.count("announcements.tell") == 2


async def test_a_mail_whose_worker_died_goes_again_under_its_id_and_is_marked(world: World, mara: Member) -> None:
    await crowd(world, 2)
    incident = await published(mara, "customers", customers="c0001 c0002")
    job = world.app.program(Kind.JOB)
    (first,) = await job(letters.claim, limit=1)
    world.clock.move(timedelta(minutes=3))
    await deliver_all(world)
    assert [one.message_id for one in world.relay.sent].count(first.message_id) == 1
    shown = await mara.call(ops_incidents.read, incident=incident)
    assert sorted(one.repeats for one in shown.deliveries) == [0, 1]
    assert (shown.counts["sent"], shown.counts["repeated"]) == (2, 1)


class Deaf:
    """A relay that knows nobody."""

    async def send(self, letter: Letter) -> Sequence[Refusal]:
        raise Refused("550 no such mailbox", permanent=True)


async def test_what_a_relay_refuses_is_shown_and_a_database_that_is_away_is_asked_again(
    world: World, mara: Member
) -> None:
    await crowd(world, 1)
    mailed = await published(mara, "customers", customers="c0001")
    await Outboxes(world.app.program(Kind.JOB), world.app.job, Deaf()).drain(OPERATOR.id)
    shown = await mara.call(ops_incidents.read, incident=mailed)
    assert [(one.state, one.error) for one in shown.deliveries] == [("failed", "550 no such mailbox")]
    waiting = await published(mara, "people", customers="acme c0001", people=CLEO)
    await world.app.refresh()
    with pytest.raises(SomeAreAway):
        await telling(world.app).tell(nobody_else)
    states = {one.slug: one.state for one in (await mara.call(ops_incidents.read, incident=waiting)).deliveries}
    assert states == {"acme": "failed", "c0001": "waiting"}


async def test_what_failed_is_sent_again_under_its_id_and_marked_and_what_went_well_is_not(
    world: World, mara: Member
) -> None:
    await crowd(world, 2)
    incident = await published(mara, "customers", customers="c0001 c0002 acme")
    world.relay.failures.append(Refused("550 no such mailbox", permanent=True))
    await deliver_all(world)
    assert recipients(world) == ["owner2@c2.example"]
    await named(world, "acme", "bo@acme.example")
    failed = (await mara.call(ops_incidents.read, incident=incident, state="failed")).deliveries
    assert sorted(one.slug for one in failed) == ["acme", "c0001"]
    assert await mara.call(ops_deliveries.send_again, incident=incident, delivery=failed[0].id) == 1
    assert await mara.call(ops_deliveries.send_again, incident=incident) == 1
    with pytest.raises(rpc.Conflict):
        await mara.call(ops_deliveries.send_again, incident=incident)
    await deliver_all(world)
    assert recipients(world) == ["bo@acme.example", "owner1@c1.example", "owner2@c2.example"]
    shown = await mara.call(ops_incidents.read, incident=incident)
    # Of one nobody knew an address before: what goes out now is no repeat.
    assert {(one.slug, one.state, one.repeats) for one in shown.deliveries} == {
        ("c0001", "sent", 1),
        ("c0002", "sent", 0),
        ("acme", "sent", 0),
    }
    assert {one.message_id for one in world.relay.sent} == {f"<{one.id}@localhost>" for one in shown.deliveries}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scope": "everyone", "components": []}, "components"),
        ({"scope": "everyone", "components": ["tea"]}, "components"),
        ({"scope": "data_centre", "data_centre": "atlantis"}, "target"),
        ({"scope": "cluster", "cluster": "none"}, "target"),
        ({"scope": "customers", "customers": ""}, "customers"),
        ({"scope": "people", "customers": "acme"}, "people"),
    ],
)
async def test_a_draft_that_does_not_fit_together_says_where(
    world: World, mara: Member, given: dict[str, object], field: str
) -> None:
    with pytest.raises(rpc.Invalid) as refused:
        await written(mara, **given)  # type: ignore[arg-type]
    assert [*refused.value.fields] == [field]
    assert await world.control_rows("SELECT id FROM control.incidents") == []


async def test_a_draft_is_told_to_nobody_and_can_be_changed_and_forgotten(world: World, mara: Member) -> None:
    incident = await written(mara)
    changed = {"title": "Mail is slow", "text": TEXT, "severity": "minor", "components": ["mail"]}
    await mara.call(ops_incidents.revise, incident=incident, scope="everyone", **changed)  # type: ignore[arg-type]
    assert (await mara.call(ops_incidents.page, state="draft")).items[0].title == "Mail is slow"
    assert await world.app.program(Kind.JOB)(incidents.told) == []
    with pytest.raises(rpc.Conflict):
        await mara.call(ops_incidents.resolve, incident=incident, text="Over.")
    await mara.call(ops_incidents.discard, incident=incident)
    with pytest.raises(rpc.NotFound):
        await mara.call(ops_incidents.read, incident=incident)


def recipients(world: World) -> list[str]:
    return sorted(one.recipients[0] for one in world.relay.sent)
