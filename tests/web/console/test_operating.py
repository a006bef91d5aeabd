"""What is done with a customer at the console, form by form and without a script; and how figures are drawn."""

from datetime import timedelta

from seldesk.web.console import charts
from tests.staff import hired
from tests.web.console.test_console import browser
from tests.world import World

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


async def test_a_role_is_shown_what_it_may_and_nothing_else(world: World) -> None:
    mara = await hired(world, "support")
    async with browser(world, mara.token) as visitor:
        shown = (await visitor.get(ACME)).text
        pages = [f"{ACME}/move", f"{ACME}/restore", f"{ACME}/close", "/backups", "/clusters"]
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
