"""Reports that customers ask for: when they are due, what they say, and what cannot get into one."""

import re
import zlib
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

import rpc
from rpc import Kind
from seldesk.methods.console import ops_incidents, ops_reports
from seldesk.methods.control import alerts, endings, incident_reports
from seldesk.methods.desk import reports
from seldesk.service import Service
from seldesk.web.settings.report_letters import CHINESE, JAPANESE, KOREAN, TEXT, lines, register, runs
from seldesk.web.settings.report_pdf import written as pdf
from tests.acceptance.fleet import do_all
from tests.incidents import deliver_all, named, published, reported
from tests.staff import Member, hired
from tests.web.visitor import Visitor
from tests.world import World


@pytest.fixture
async def mara(world: World) -> Member:
    return await hired(world, "operations")


@pytest.mark.parametrize(
    ("asked", "number", "day"),
    [
        (date(2026, 3, 2), 7, date(2026, 3, 11)),  # a Monday: over one weekend
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # a Saturday
        (date(2026, 4, 1), 7, date(2026, 4, 14)),  # over Easter: Friday and Monday are free
        (date(2026, 12, 23), 6, date(2027, 1, 4)),  # 25 and 1 are Fridays
    ],
)
def test_working_days_leave_out_weekends_and_the_operators_holidays(asked: date, number: int, day: date) -> None:
    assert Service.load().working_day(asked, number) == day


async def test_a_report_is_due_in_seven_working_days_and_warned_of_on_the_fifth(world: World, mara: Member) -> None:
    incident = await published(mara)
    bo, job = await world.acme.signed_in("bo"), world.app.program(Kind.JOB)
    await bo(reports.ask, incident=incident)
    (shown,) = (await bo(reports.page)).incidents
    assert shown.due_at == datetime(2026, 3, 11, tzinfo=UTC)
    with pytest.raises(rpc.Conflict):
        await bo(reports.ask, incident=incident)
    world.clock.move(timedelta(days=6, hours=14))  # Sunday, 23:00
    assert await job(incident_reports.watch) == []
    world.clock.move(timedelta(hours=2))
    (told,) = await job(incident_reports.watch)
    assert (told.subject, "is due on 11 March 2026" in told.detail) == ("acme", True)
    world.clock.move(timedelta(days=3))
    assert "was due" in (await job(incident_reports.watch))[0].detail
    mara = await signed_in_again(world, mara)
    (asked,) = (await mara.call(ops_reports.page)).items
    await mara.call(ops_reports.write, report=asked.id, account="A disk was full.")
    assert await job(incident_reports.watch) == []
    assert await world.app.program(Kind.COMMAND)(alerts.list) == []


async def test_an_owner_takes_it_out_and_that_is_audited(world: World, mara: Member) -> None:
    incident, report = await reported(world, mara, "A disk was full.\n\nThere is an alert for that now.")
    bo = await world.acme.signed_in("bo")
    said = await bo(reports.read, report=report)
    assert (said.title, said.customer, said.account[:6]) == ("Mail arrives late", "Acme Support", "A disk")
    await mara.call(ops_incidents.update, incident=incident, step="watching", text="It has come back.")
    assert await bo(reports.read, report=report) == said
    async with Visitor(world.app.web(), host="acme.localhost:8080", known=False) as visitor:
        visitor.cookies.set("session", bo.credential.secret)
        document = await visitor.get(f"/settings/incidents/reports/{report}.html")
        file = await visitor.get(f"/settings/incidents/reports/{report}.pdf")
        assert "There is an alert for that now." in document.text
        assert file.content.startswith(b"%PDF-")
        for answer, kind in ((document, "html"), (file, "pdf")):
            assert f"mail-arrives-late.{kind}" in answer.headers["content-disposition"]
            assert answer.headers["content-security-policy"].startswith("default-src 'none'; sandbox")
        assert (await visitor.get("/settings/incidents")).text.count("reports/") == 2
    audited = await world.rows(world.acme, "SELECT method FROM log.audit ORDER BY happened_at, id")
    assert audited[-5:].count("reports.read") >= 3
    with pytest.raises(rpc.Conflict):
        await mara.call(ops_reports.write, report=report, account="Another story.")


async def test_the_primary_address_is_mailed_that_it_is_there_and_none_of_it(world: World, mara: Member) -> None:
    await named(world, "acme", "bo@acme.example")
    await deliver_all(world)
    world.relay.sent.clear()
    _, report = await reported(world, mara, "A disk was full.")
    await deliver_all(world)
    (sent,) = world.relay.sent
    letter = message_from_bytes(sent.raw, policy=default)
    assert (sent.recipients, letter["Subject"]) == (["bo@acme.example"], "The report is there: Mail arrives late")
    body = letter.get_body(("plain",))
    assert body is not None
    assert "asked for at acme.localhost" in body.get_content()
    assert "http://acme.localhost:8080/settings/incidents" in body.get_content()
    assert "disk" not in sent.raw.decode()
    assert (await mara.call(ops_reports.read, report=report)).asked.told


async def test_nobody_else_gets_it(world: World, mara: Member) -> None:
    """Not the neighbour, not an agent, and nobody of whom it was not."""
    incident, report = await reported(world, mara, "A disk was full.")
    globex = await world.neighbour()
    own = await published(mara, "customers", customers="acme", title="Acme alone")
    neighbour = await globex.signed_in("bo")
    with pytest.raises(rpc.NotFound):
        await neighbour(reports.read, report=report)
    with pytest.raises(rpc.NotFound):
        await neighbour(reports.ask, incident=own)
    assert [one.title for one in (await neighbour(reports.page)).incidents] == ["Mail arrives late"]
    ann = await world.acme.signed_in("ann")
    for call in (ann(reports.page), ann(reports.ask, incident=incident), ann(reports.read, report=report)):
        with pytest.raises(rpc.Forbidden):
            await call


HOSTILE = (
    '<img src="file:///etc/passwd"><img src="php://filter/resource=x"><link href="http://127.0.0.1:1/">'
    '<iframe src="file:///etc/hostname"></iframe><svg><image xlink:href="file:///etc/passwd"/></svg>'
    "<para><font color=\"[[[getattr(pow, Word)('__globals__')]]]\">x</font></para>{{7*7}}"
    "@import url(file:///etc/passwd)"
)


@pytest.mark.flaw("osTicket CVE-2026-22200")
@pytest.mark.asvs("V1.3.6", "V1.3.7")
async def test_nothing_in_a_text_reaches_a_file_or_an_address(world: World, mara: Member) -> None:
    """It stands in the report as it was written."""
    _, report = await reported(world, mara, HOSTILE, title="<b>Late</b> <img src='file:///etc/passwd'>")
    said = await (await world.acme.signed_in("bo"))(reports.read, report=report)
    content = pdf(said)
    assert content == pdf(said)
    assert not re.search(rb"/(?:URI|Launch|GoToR|EmbeddedFile|JavaScript|SubmitForm|ImportData)\b", content)
    assert b"/Subtype /Image" not in content
    streams = [zlib.decompress(one) for one in _streams(content)]
    assert b"root:" not in b"".join(streams)
    async with Visitor(world.app.web(), host="acme.localhost:8080", known=False) as visitor:
        visitor.cookies.set("session", (await world.acme.signed_in("bo")).credential.secret)
        document = (await visitor.get(f"/settings/incidents/reports/{report}.html")).text
    assert "&lt;img src=&#34;file:///etc/passwd&#34;&gt;" in document
    assert "<img" not in document
    assert "{{7*7}}" in document


@pytest.mark.parametrize(
    ("name", "fonts"),
    [
        ("Ελληνική Εταιρεία", [TEXT]),
        ("ООО «Ромашка» Łódź", [TEXT]),
        ("株式会社アクメ", [JAPANESE]),
        ("北京软件公司 Ltd", [CHINESE, TEXT]),
        ("한국 주식회사", [KOREAN, TEXT, KOREAN]),
        ("שלום", [TEXT]),
    ],
)
def test_whoever_is_named_in_greek_cyrillic_or_the_letters_of_the_east_can_read_it(name: str, fonts: list[str]) -> None:
    register()
    found = runs(name, TEXT)
    assert [one.font for one in found] == fonts
    # From right to left it would stand the wrong way round.
    assert "".join(one.text for one in found) == (name if name != "שלום" else "????")


def test_a_line_of_a_report_is_as_long_as_the_page_is_wide_in_every_script() -> None:
    register()
    text = "日本語の文章は単語の間に空白がありません。" * 9 + " " + "x" * 500 + " και ελληνικά"
    broken = [*lines(text, TEXT, 9.5, 400)]
    assert max(sum(run.width(9.5) for run in line) for line in broken) <= 400
    assert "".join(run.text for line in broken for run in line).replace(" ", "") == text.replace(" ", "")
    assert len(broken) < 20


def _streams(content: bytes) -> list[bytes]:
    """Those that are merely deflated: fonts."""
    found = re.findall(rb"/Filter \[ /FlateDecode \].*?stream\r?\n(.*?)endstream", content, re.DOTALL)
    return [one for one in found if one[:1] == b"x"]


async def test_with_a_customer_go_its_reports_and_that_it_was_concerned(world: World, mara: Member) -> None:
    await reported(world, mara, "A disk was full.", scope="customers", customers="acme")
    await world.app.program(Kind.COMMAND)(endings.terminate, slug="acme", erasing="at once")
    await do_all(world)
    assert await world.control_rows("SELECT id FROM control.incident_reports") == []
    assert await world.control_rows("SELECT customers FROM control.incidents") == ["[]"]


async def signed_in_again(world: World, mara: Member) -> Member:
    mara.token = (await mara.sign_in(mara.code())).token or ""
    return mara
