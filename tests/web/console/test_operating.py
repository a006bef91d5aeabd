"""What is done with a customer at the console, form by form and without a script; and how figures are drawn."""

from datetime import timedelta

from seldesk.methods.desk import audits
from seldesk.web.console import charts
from seldesk.web.console.operating import NOBODY
from seldesk.web.credential import SESSION
from tests.staff import hired
from tests.web.console.test_console import browser
from tests.web.visitor import Visitor
from tests.world import CLEO, World, mail

ACME = "/customers/acme"


async def test_a_customer_is_suspended_and_closed_by_forms(world: World) -> None:
    mara = await hired(world, "operations")
    async with browser(world, mara.token) as visitor:
        refused = await visitor.submit(ACME, f"{ACME}/suspend", {"reason": ""})
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.text
        done = await visitor.submit(ACME, f"{ACME}/suspend", {"reason": "unpaid since May"})
        assert done.headers["location"] == f"{ACME}?done=suspend"
        shown = (await visitor.get(done.headers["location"])).text
        assert "everybody there is told why" in shown
        assert "unpaid since May" in shown
        assert "On its way" in shown, "it is not in the customer's own audit yet"
        again = await visitor.submit(ACME, f"{ACME}/copy")
        assert again.headers["location"] == f"{ACME}?done=copy"
        twice = await visitor.submit(ACME, f"{ACME}/copy")
        assert (twice.status_code, "alert" in twice.text) == (409, True)
        wrong = await visitor.submit(f"{ACME}/close", f"{ACME}/close", {"name": "Globex", "erasing": "asked"})
        assert wrong.status_code == 422
        assert "Type the name as it stands here: Acme Support" in wrong.text
        given = {"name": "Acme Support", "erasing": "asked"}
        asked = await visitor.submit(f"{ACME}/close", f"{ACME}/close", given)
        assert asked.status_code == 200
        assert "Once more: is it Acme Support?" in asked.text
        unticked = await visitor.submit(f"{ACME}/close", f"{ACME}/close", {**given, "again": "yes"})
        assert unticked.status_code == 422
        assert await world.control_rows("SELECT state FROM control.customers") == ["suspended"]
        closed = await visitor.submit(f"{ACME}/close", f"{ACME}/close", {**given, "again": "yes", "confirmed": "true"})
        assert closed.headers["location"] == f"{ACME}?done=erase"
        world.clock.move(timedelta(minutes=6))
        proved = await visitor.submit(ACME, f"{ACME}/reactivate")
        assert proved.headers["location"] == "/again?next=%2Fcustomers%2Facme"
    assert await world.control_rows("SELECT state FROM control.customers") == ["terminated"]


async def test_a_person_is_erased_by_a_form_that_tells_nobody_who_is_there(world: World) -> None:
    await world.acme.mail(mail())
    mara, there = await hired(world, "operations"), f"{ACME}/person"
    given = {"email": CLEO, "name": "Cleo Camp", "reference": "DPA 17/2026", "erasing": "asked"}
    given |= {"reason": "The owner does not answer.", "confirmed": "true"}
    async with browser(world, mara.token) as visitor:
        assert f'href="{there}"' in (await visitor.get(ACME)).text
        unticked = await visitor.submit(there, there, {**given, "confirmed": ""})
        assert (unticked.status_code, 'id="confirmed-wrong"' in unticked.text) == (422, True)
        for field in ("reason", "reference"):
            refused = await visitor.submit(there, there, {**given, field: ""})
            assert (refused.status_code, f'id="{field}-wrong"' in refused.text) == (422, True)
        wrong = {"email": "nobody@cleo.example"}, {"name": "Cleo"}
        told = [await visitor.submit(there, there, {**given, **one}) for one in wrong]
        assert {(one.status_code, NOBODY in one.text) for one in told} == {(422, True)}
        assert 'value="The owner does not answer."' in told[0].text
        assert await world.rows(world.acme, "SELECT 1 FROM app.departures") == []
        done = await visitor.submit(there, there, given)
        assert done.headers["location"] == f"{ACME}?done=person"
        assert "The account is closed" in (await visitor.get(done.headers["location"])).text
        for _ in range(7):
            assert (await visitor.submit(there, there, {**given, "name": "Cleo"})).status_code == 422
        assert (await visitor.submit(there, there, given)).status_code == 429
        world.clock.move(timedelta(minutes=6))
        proved = await visitor.submit(there, there, given)
        assert proved.headers["location"] == "/again?next=%2Fcustomers%2Facme%2Fperson"
    cleo = await world.rows(world.acme, f"SELECT id FROM app.people WHERE email = '{CLEO}'")  # noqa: S608 - ours
    assert await world.rows(world.acme, "SELECT person_id FROM app.departures") == cleo
    bo = await world.acme.signed_in("bo")
    (entry,) = [one for one in (await bo(audits.page, kind="data")).items if one.method == "privacy.order"]
    facts = entry.facts or {}
    said = (facts["by"], facts["reason"], facts["reference"])
    assert said == ("Mara", "The owner does not answer.", "DPA 17/2026")
    async with Visitor(world.app.web(), known=False) as owner:
        owner.cookies.set(SESSION, bo.credential.secret)
        shown = (await owner.get("/settings/audit?kind=data")).text
    assert "<small>Mara</small>" in shown
    assert "The owner does not answer. · DPA 17/2026" in shown
    logged = "SELECT concat_ws(' ', outcome, objects ->> 'person') FROM control.operator_log WHERE kind LIKE "
    logged += "'ops_people%' AND staff_id IS NOT NULL AND customer_id IS NOT NULL ORDER BY number"
    assert await world.control_rows(logged) == ["denied"] * 2 + [f"done {cleo[0]}"] + ["denied"] * 8
    for table in ("control.operator_log", "control.operator_facts"):
        assert await world.control_rows(f"SELECT 1 FROM {table} t WHERE strpos(lower(t::text), 'cleo') > 0") == []  # noqa: S608 - ours


async def test_a_role_is_shown_what_it_may_and_nothing_else(world: World) -> None:
    mara = await hired(world, "support")
    async with browser(world, mara.token) as visitor:
        shown = (await visitor.get(ACME)).text
        pages = [f"{ACME}/move", f"{ACME}/restore", f"{ACME}/person", f"{ACME}/close", "/backups", "/clusters"]
        for hidden in ("What can be done", *(f'href="{page}"' for page in pages)):
            assert hidden not in shown, hidden
        assert 'href="/mail"' in shown
        for refused in (f"{ACME}/move", "/backups", "/clusters", "/erasures"):
            assert (await visitor.get(refused)).status_code == 403, refused
        overview = await visitor.get("/")
        assert overview.status_code == 200
        assert 'href="/backups"' not in overview.text


def test_a_picture_shows_what_is_there_and_no_more() -> None:
    chart = charts.columns([("a", 0, "", ""), ("b", 1, "", ""), ("c", 1000, "", "")], "three")
    assert [bar.height for bar in chart.bars] == [0, charts.LEAST, charts.HEIGHT]
    assert all(bar.y + bar.height == charts.HEIGHT for bar in chart.bars)
    assert charts.columns([("a", 0, "", "")], "nothing").bars[0].height == 0
    assert [charts.share(*one) for one in ((0, 5), (1, 5000), (114, 197), (9, 3), (1, 0))] == [0, 1, 58, 100, 0]
