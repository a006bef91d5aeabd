"""What those see who watch the operator's programs: metrics, traces, alarms, and whether a process is ready."""

import asyncio
import io
import json
import logging
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import rpc
from orm.testing import Server
from rpc import Kind
from seldesk.app.alarm_ways import File, Hook, Mail
from seldesk.app.alarming import tell_alarms
from seldesk.app.alarms import Alarms, Told, Way
from seldesk.app.machine import Machine
from seldesk.app.pages import anchoring
from seldesk.app.traces import Tracing
from seldesk.app.transactions import Transactions
from seldesk.jobs.relay import Memory, Refused
from seldesk.jobs.webhook import Webhook
from seldesk.layers import SettingsError
from seldesk.logs import configure
from seldesk.methods.console import ops_security
from seldesk.methods.control import alerts, clusters, figures
from seldesk.methods.desk import audits, people, tickets
from seldesk.resources import folder
from seldesk.settings import Settings, Traces
from seldesk.web.metrics import metrics
from tests.faults import superuser
from tests.jobs.sink import Receiver, speaking
from tests.staff import begun, hired
from tests.web.visitor import Visitor
from tests.world import World, address, settings
from tests.world import world as made

BO = address("bo", "acme")
pytestmark = pytest.mark.usefixtures("logs_as_before")


@pytest.fixture
async def measured(cluster: tuple[Server, Path]) -> AsyncIterator[World]:
    """In a process that somebody asks for its metrics."""
    async with made(*cluster, SELDESK_METRICS__PORT="1") as world:
        yield world


async def page(world: World, token: str = "", shown: str = "") -> str:
    known = metrics(world.app.seen.measures.page, world.app.program(Kind.JOB), token)
    async with Visitor(known) as prometheus:
        answer = await prometheus.get("/metrics", headers={"Authorization": f"Bearer {shown}"})
        assert answer.status_code == (200 if shown == token else 401)
        return answer.text


@pytest.mark.flaw("GLPI CVE-2024-50339")
async def test_calls_sign_ins_and_connections_are_counted_and_name_nobody(measured: World) -> None:
    world = measured
    stranger = world.acme.calling(Kind.ANONYMOUS, "")
    await stranger(people.sign_in, email=BO, password="wrong one")
    with pytest.raises(rpc.NotFound):
        await world.acme.by_token("ann")(tickets.read, number=99)
    async with Visitor(world.app.seen.measures.around(world.app.web())) as visitor:
        await visitor.get("/healthz")
    text = await page(world)
    for line in (
        'seldesk_calls_total{kind="anonymous",method="people.sign_in",outcome="done"} 1.0',
        'seldesk_calls_total{kind="token",method="tickets.read",outcome="not_found"} 1.0',
        'seldesk_call_seconds_count{method="tickets.read"} 1.0',
        'seldesk_requests_total{status="200"} 1.0',
        'seldesk_security_events_total{what="refused sign-in",who="customers"} 1.0',
        'seldesk_connections{pool="customers",state="used"} 0.0',
        'seldesk_connections_most{pool="customers"} 20.0',
        "seldesk_mailboxes 0",
        "seldesk_control_up 1",
    ):
        assert line in text.splitlines()
    assert "acme" not in text
    assert await page(world, "s3cret", "other") == "A token is needed.\n"
    assert "seldesk_control_up" in await page(world, "s3cret", "s3cret")


async def test_every_query_of_dashboard_and_rules_names_what_is_told(measured: World) -> None:
    told = dict(re.findall(r"^# TYPE (\S+) (\S+)$", await page(measured), re.MULTILINE))
    known = {
        name + end for name, kind in told.items() for end in (("_bucket", "_count") if kind == "histogram" else ("",))
    }
    place = folder("config") / "deployment"
    panels = json.loads((place / "grafana.json").read_text())["panels"]
    queries = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    rules = re.findall(r"^ +expr: (.+)$", (place / "alerts.yml").read_text(), re.MULTILINE)
    named = {name for query in [*queries, *rules] for name in _names(query)}
    assert len(named) > 20
    assert named <= known
    # And the other way round: what is measured is looked at.
    assert {name for name in told if name.startswith("seldesk_")} <= {re.sub("_bucket$", "", one) for one in named}


def _names(query: str) -> list[str]:
    return re.findall(r"\b(?:seldesk|process)_\w+", query)


def test_metrics_at_a_public_address_want_a_token(tmp_path: Path) -> None:
    given = {"SELDESK_HOME": str(tmp_path), "SELDESK_METRICS__PORT": "9", "SELDESK_METRICS__HOST": "10.0.0.1"}
    with pytest.raises(SettingsError, match=r"metrics\.token"):
        Settings.load(None, given)
    assert Settings.load(None, {**given, "SELDESK_METRICS__TOKEN": "x" * 20}).metrics.port == 9


@pytest.mark.flaw("Zammad CVE-2024-55578")
@pytest.mark.asvs("V16.2.5")
async def test_a_span_for_each_call_and_statement_tells_nothing_of_anybody(world: World) -> None:
    spans = InMemorySpanExporter()
    traces = Tracing(Traces(endpoint="http://127.0.0.1:9", share=1.0), spans)
    dispatcher_of(world).traces = traces
    try:
        ann, secret = world.acme.by_token("ann"), "hunter2secret"
        await ann(tickets.open, subject=secret, body=secret, requester_email="cleo@cleo.example", requester_name="Cleo")
        with pytest.raises(rpc.Error):
            await ann(tickets.read, number=99)
        async with Visitor(traces.around(world.app.web()), known=False) as visitor:
            await visitor.get(f"/sign-in/{secret}?x={secret}")
        traces.flush()
    finally:
        traces.close()
    told = spans.get_finished_spans()
    opened = next(span for span in told if span.name == "tickets.open")
    statements = [span for span in told if span.parent and span.parent.span_id == opened.context.span_id]
    assert any("INSERT INTO app.tickets" in str((one.attributes or {}).get("db.statement")) for one in statements)
    assert {"tickets.read", "GET request"} <= {span.name for span in told}
    whole = " ".join(span.to_json() for span in told)
    for word in (secret, "cleo", "Cleo", "192.0.2.1"):
        assert word not in whole
    assert any(span.status.status_code.name == "ERROR" for span in told if span.name == "tickets.read")


def dispatcher_of(world: World) -> Transactions:
    transactions = world.app.dispatcher._transaction
    assert isinstance(transactions, Transactions)
    return transactions


@dataclass
class Ear:
    """Keeps what it was told, unless it is to fail."""

    told: list[Told] = field(default_factory=list)
    fails: int = 0

    async def send(self, told: Told) -> None:
        if self.fails:
            self.fails -= 1
            raise Refused("not now", permanent=False)
        self.told.append(told)


async def heard(world: World, ways: Sequence[Way], per_hour: int, lines: Sequence[str]) -> Alarms:
    configure("error", console=False, stream=io.StringIO())
    alarms = Alarms(ways, world.clock, per_hour, together=0.0)
    running = asyncio.create_task(alarms.run())
    await asyncio.sleep(0)
    log = structlog.get_logger("seldesk.tests")
    for line in lines:
        log.error("alert", check="stores", subject=line, detail="away")
    log.error("call.failed", subject="no alarm")
    await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return alarms


async def test_alarms_are_told_in_one_by_every_way_and_again_where_it_failed(world: World, tmp_path: Path) -> None:
    ear, relay = Ear(fails=1), Memory()
    ways: list[Way] = [ear, File(tmp_path / "alarms"), Mail(relay, "localhost", ("ops@operator.example",))]
    alarms = await heard(world, ways, 20, ["store a", "store b", "store a"])
    assert ear.told == []
    await alarms.send()
    assert ear.told[0].text == "stores: store a: away\nstores: store b: away"
    written = [json.loads(line)["subject"] for line in (tmp_path / "alarms").read_text().splitlines()]
    assert written == ["store a", "store b"]
    (letter,) = relay.sent
    assert letter.recipients == ["ops@operator.example"]
    assert b"Subject: [Seldesk] 2 alerts" in letter.raw


async def test_a_webhook_is_posted_to_once_it_takes_it_and_follows_no_redirect(world: World) -> None:
    receiver = Receiver(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n")
    async with speaking(receiver.talk) as port:
        alarms = await heard(world, [Hook(Webhook(f"http://127.0.0.1:{port}/T0/secret"))], 20, ["store a"])
        receiver.answer = b"HTTP/1.1 200 OK\r\n\r\n"
        for _ in range(2):
            await alarms.send()
    assert [json.loads(body)["text"] for _, body in receiver.heard] == ["stores: store a: away"] * 2
    assert "Seldesk-Signature" not in receiver.heard[0][0]


async def test_what_is_over_the_rate_waits_for_its_hour_and_comes_in_one(world: World) -> None:
    ear = Ear()
    alarms = await heard(world, [ear], 1, ["store a"])
    for subject in ("store b", "store c"):
        alarms.emit(structlog_record(subject))
        await alarms.send()
    assert [len(told.alarms) for told in ear.told] == [1]
    world.clock.move(timedelta(hours=1, seconds=1))
    await alarms.send()
    assert [len(told.alarms) for told in ear.told] == [1, 2]


async def test_what_was_told_just_now_is_not_told_again_with_each_call_that_finds_it(world: World) -> None:
    ear = Ear()
    alarms = await heard(world, [ear], 20, ["store a"])
    for minutes in (1, 5, 10):
        world.clock.move(timedelta(minutes=minutes))
        alarms.emit(structlog_record("store a"))
        await alarms.send()
    assert [told.at.minute for told in ear.told] == [0, 16]


def structlog_record(subject: str) -> logging.LogRecord:
    said = {"event": "alert", "check": "stores", "subject": subject, "detail": "away"}
    return logging.LogRecord("seldesk", logging.ERROR, "", 0, said, None, None)


@pytest.mark.long
async def test_an_alarm_in_a_process_of_pages_leaves_it_by_the_way_that_the_settings_name(world: World) -> None:
    """What a page finds stands as an alert from then on, so that no worker would find it again and tell it."""
    home = world.app.settings.home
    chosen = settings(home, SELDESK_ALERTS__FILE="alarms")
    configure("error", console=False, stream=io.StringIO())
    running = asyncio.create_task(tell_alarms(chosen, world.clock))
    await asyncio.sleep(0)
    structlog.get_logger("seldesk.tests").error("alert", check="access", subject="mara", detail="often")
    try:
        async with asyncio.timeout(10):
            while not (home / "alarms").exists():  # noqa: ASYNC110 - a file has no event
                await asyncio.sleep(0.1)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert json.loads((home / "alarms").read_text())["subject"] == "mara"


async def test_a_machine_tells_once_what_is_wrong_and_again_after_a_day_without_a_database(
    world: World, tmp_path: Path
) -> None:
    ear, answers = Ear(), [True]
    chosen = settings(tmp_path, SELDESK_CERTIFICATE=str(tmp_path / "none.pem"))

    async def reached() -> bool:
        return answers[0]

    alarms, machine = Alarms([ear], world.clock, 20, together=0.0), Machine(chosen, world.clock, reached, "db1")
    configure("error", console=False, stream=io.StringIO())
    logging.getLogger().addHandler(alarms)
    try:
        for minutes, control in ((0, True), (5, False), (5, False), (24 * 60, True)):
            world.clock.move(timedelta(minutes=minutes))
            answers[0] = control
            await machine.look()
            await alarms.send()
    finally:
        logging.getLogger().removeHandler(alarms)
    told = [[(one.check, one.subject) for one in each.alarms] for each in ear.told]
    assert told == [[("certificate", "db1")], [("control database", "db1")], [("certificate", "db1")]]


async def test_a_cluster_or_a_store_that_is_away_or_full_is_an_alert_until_it_is_not(world: World) -> None:
    job, command = world.app.program(Kind.JOB), world.app.program(Kind.COMMAND)
    await command(clusters.update, name="main", disk_gb=1)
    full = figures.Server("18.1", 3, 50, 90, 5, 950_000_000, standbys=2, standbys_away=1)
    away = figures.MeasuredStore(1, "a", 2000, None, "refused")
    narrow = figures.MeasuredStore(2, "b", 3, 1_000_000)
    new = await job(figures.put_places, clusters=[figures.MeasuredCluster("main", full)], stores=[away, narrow])
    assert [(one.subject, one.detail.partition(":")[0]) for one in new] == [
        ("main", "More than 90% of its disk is used."),
        ("main", "A standby does not follow it any more, and the log that waits for it fills the disk."),
        ("a", "The store does not answer"),
        ("b", "Less than 5 GB is free."),
    ]
    well = [figures.MeasuredStore(1, "a", 3, None), figures.MeasuredStore(2, "b", 3, 10**12)]
    gone = [figures.MeasuredCluster("main", None, "refused")]
    new = await job(figures.put_places, clusters=gone, stores=well)
    assert [one.detail for one in new] == ["The cluster does not answer."]
    assert [one.detail for one in await command(alerts.list)] == ["The cluster does not answer."]


@pytest.mark.parametrize(("version", "status"), [("0000", 503), ("9999", 200)])
async def test_who_is_newer_than_the_database_is_not_ready_and_who_is_older_is(
    world: World, version: str, status: int
) -> None:
    """While a new version is rolled out: first the database, then the processes."""
    async with superuser(world.server, world.app.settings.database.control) as connection:
        await connection.execute("UPDATE control.revision SET version = $1", version)
        try:
            async with Visitor(world.app.web()) as balancer:
                assert (await balancer.get("/readyz")).status_code == status
        finally:
            await connection.execute("UPDATE control.revision SET version = '0001'")


async def test_who_is_told_to_end_is_not_ready_any_more(world: World) -> None:
    assert await world.app.ready()
    world.app.draining.set()
    async with Visitor(world.app.web()) as balancer:
        assert (await balancer.get("/readyz")).status_code == 503
        assert (await balancer.get("/healthz")).status_code == 200


@pytest.mark.asvs("V16.3.3")
async def test_what_was_refused_is_counted_by_customer_and_day_and_names_nobody(world: World) -> None:
    mara, stranger = await hired(world, "security"), world.acme.calling(Kind.ANONYMOUS, "")
    for _ in range(11):
        await stranger(people.sign_in, email=BO, password="wrong one")
    await begun(world, password="wrong one")
    with pytest.raises(rpc.Forbidden):
        await (await world.acme.signed_in("ann"))(audits.page)
    told = anchoring(world.app)
    for _ in range(2):
        await told.tell()
    shown = await mara.call(ops_security.page)
    counted = {(one.staff, one.what): one.count for one in shown.days}
    assert counted == {
        (False, "refused sign-in"): 10,
        (False, "lockout"): 1,
        (False, "refusal"): 1,
        (True, "refused sign-in"): 1,
    }
    assert {one.slug for one in shown.worst} == {"acme"}
    assert shown.refused[0].kind == "password refused"
