"""Incidents, reports, findings and disclosures in a real browser: with something on every page, in all sizes."""

from pathlib import Path

import pytest

from orm.testing import Server
from seldesk.methods.console import ops_disclosures, ops_findings, ops_reports
from seldesk.methods.desk import reports
from tests.incidents import crowd, deliver_all, published, written
from tests.staff import Member, hired
from tests.web.console.test_looks import signed_in, stood_up
from tests.web.theatre import inspect, walk
from tests.world import World

WANTED = "All tickets of the requester who is named in the order."
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung " * 2


async def pages(world: World, mara: Member) -> dict[str, str]:
    await crowd(world, 60)
    told = await published(mara, "cluster", cluster="main", title=LONG)
    await deliver_all(world)
    await published(mara, "people", customers="acme", people="nobody@nowhere.example")
    draft, general = await written(mara, "cluster", cluster="main", public=True), await published(mara)
    await (await world.acme.signed_in("bo"))(reports.ask, incident=general)
    report = (await mara.call(ops_reports.page)).items[0].id
    me = (await mara.call(ops_findings.page)).owners[0].id
    finding = await mara.call(
        ops_findings.enter, title=LONG, source="advisory", weight="critical", place="libfoo", owner=me, detail=LONG
    )
    disclosure = await mara.call(
        ops_disclosures.open, slug="acme", authority="Court", reference="7 Gs 12/26", wanted=WANTED
    )
    await mara.call(ops_disclosures.bar, disclosure=disclosure, basis=LONG)
    return {
        "list": "/incidents",
        "one": f"/incidents/{told}",
        "edit": f"/incidents/{draft}/edit",
        "preview": f"/incidents/{draft}/preview",
        "reports": "/reports",
        "report": f"/reports/{report}",
        "findings": "/findings",
        "finding": f"/findings/{finding}",
        "disclosures": "/disclosures",
        "disclosure": f"/disclosures/{disclosure}",
    }


@pytest.mark.long
async def test_every_page_is_accessible_and_fits_in_all_sizes_and_themes(cluster: tuple[Server, Path]) -> None:
    async with stood_up(cluster) as (world, browser, base):
        mara = await hired(world, "support", "operations", "security")
        shown = await pages(world, mara)
        async with signed_in(browser, base, mara) as page:
            faults = list[str]()
            for name, path in shown.items():
                await page.set_viewport_size({"width": 1440, "height": 900})
                await page.goto(base + path)
                if name not in ("one", "preview"):
                    faults += await walk(page, path)
                faults += await inspect(page, f"incidents-{name}")
    assert faults == []
