"""The pages of incidents, reports, findings and disclosures: few statements, and forms that keep what was typed."""

from datetime import timedelta

import pytest

from orm import StatementCounter
from rpc import Kind
from seldesk.app.status import StatusFiles, write_status
from seldesk.methods.console import ops_disclosures, ops_findings, ops_incidents, ops_reports
from seldesk.methods.control import incidents
from seldesk.methods.desk import reports
from tests.acceptance.fleet import nobody_else
from tests.incidents import crowd, deliver_all, published, written
from tests.staff import hired
from tests.web.console.test_console import browser
from tests.world import World

WANTED = "All tickets of the requester who is named in the order."


async def test_every_page_takes_few_statements_and_shows_what_there_is(world: World) -> None:
    mara = await hired(world, "support", "operations", "security")
    await crowd(world, 120)
    told = await published(mara, "cluster", cluster="main")
    await deliver_all(world)
    draft, general = await written(mara, "cluster", cluster="main", public=True), await published(mara)
    await (await world.acme.signed_in("bo"))(reports.ask, incident=general)
    report = (await mara.call(ops_reports.page)).items[0].id
    me = (await mara.call(ops_findings.page)).owners[0].id
    finding = await mara.call(ops_findings.enter, title="Late", source="review", weight="low", place="here", owner=me)
    disclosure = await mara.call(
        ops_disclosures.open, slug="acme", authority="Court", reference="7 Gs 12/26", wanted=WANTED
    )
    await write_status(world.app, StatusFiles(world.app.settings, world.clock), nobody_else)
    shown = {
        "/incidents": "Mail arrives late",
        "/incidents?state=draft": "Draft",
        "/incidents/new": "See what will be read",
        f"/incidents/{told}": "Sent 120",
        f"/incidents/{draft}/edit": "Since nine in the morning",
        f"/incidents/{draft}/preview": "120 customers by mail, one each.",
        f"/incidents/{draft}/preview/page": "Mail arrives late",
        f"/incidents/{draft}/preview/mail": "Since nine in the morning",
        "/reports": "Acme Support",
        f"/reports/{report}": "Give it to the customer",
        "/findings": "Late",
        f"/findings/{finding}": "Who mends it",
        "/disclosures": "7 Gs 12/26",
        f"/disclosures/{disclosure}": "Nothing may leave yet.",
    }
    async with browser(world, mara.token) as visitor:
        for path, words in shown.items():
            with StatementCounter() as counter:
                answer = await visitor.get(path)
            assert answer.status_code == 200, path
            assert words in " ".join(answer.text.split()), path
            assert counter.count <= 8, path


async def test_an_incident_is_written_looked_at_and_published_without_a_script(world: World) -> None:
    mara = await hired(world, "operations")
    async with browser(world, mara.token) as visitor:
        fields = {"title": "Mail is late", "text": "It is.", "severity": "minor", "scope": "everyone"}
        wrong = await visitor.submit("/incidents/new", "/incidents", fields)
        assert (wrong.status_code, "Mail is late" in wrong.text) == (422, True)
        made = await visitor.submit("/incidents/new", "/incidents", {**fields, "components": "mail"})
        assert made.headers["location"].endswith("/preview")
        here = made.headers["location"].removesuffix("/preview")
        world.clock.move(timedelta(minutes=6))
        # A draft is kept without a proof; publishing needs one.
        changed = await visitor.submit(f"{here}/edit", here, {**fields, "components": ["mail", "pages"]})
        assert changed.status_code == 303
        asked = await visitor.submit(f"{here}/preview", f"{here}/publish", {"step": "investigating"})
        assert asked.headers["location"].startswith("/again?next=")
        world.clock.move(timedelta(minutes=-6))
        published = await visitor.submit(f"{here}/preview", f"{here}/publish", {"step": "identified"})
        assert published.headers["location"] == here
        over = await visitor.submit(here, f"{here}/updates", {"step": "resolved", "body": "It is over."})
        assert over.status_code == 303
    (told,) = await world.app.program(Kind.JOB)(incidents.told)
    assert [one.state for one in told.updates] == ["resolved", "identified"]
    assert told.components == ["mail", "pages"]


async def test_what_was_typed_is_on_the_page_that_asks_for_a_proof(world: World) -> None:
    mara = await hired(world, "operations")
    incident = await published(mara)
    async with browser(world, mara.token) as visitor:
        token = await visitor.form_token(f"/incidents/{incident}")
        world.clock.move(timedelta(minutes=6))
        form = {"form_token": token, "step": "watching", "body": "A long text that took long."}
        answer = await visitor.post(
            f"/incidents/{incident}/updates", data=form, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert (answer.status_code, "A long text that took long." in answer.text) == (403, True)
    assert len((await mara.call(ops_incidents.read, incident=incident)).updates) == 1


@pytest.mark.parametrize("path", ["/incidents?state=x", "/findings?state=x"])
async def test_a_filter_that_nobody_offered_leads_to_the_list(world: World, path: str) -> None:
    mara = await hired(world, "operations")
    async with browser(world, mara.token) as visitor:
        assert (await visitor.get(path)).headers["location"] == path.partition("?")[0]
