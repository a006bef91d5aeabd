"""Saved views, as a browser sees them."""

import rpc
from tests.web import story
from tests.web.stage import Stage
from tests.web.visitor import Visitor

LOUD = story.id_of("loud")


async def test_a_saved_view_is_shown_and_kept_on_the_way_through_its_tickets(stage: Stage, ann: Visitor) -> None:
    page = (await ann.get(f"/desk/tickets?view={LOUD}&status=solved")).text
    assert stage.last("tickets.queue") == {"saved": LOUD}
    assert "<h1>Loud invoices</h1>" in page
    assert f'/desk/tickets/4821?view={LOUD}"' in page
    assert '<input name="tag" value="billing"' in page
    assert f"/desk/tickets?view={LOUD}&amp;cursor=next-page" in page
    page = (await ann.get(f"/desk/tickets/4821?view={LOUD}")).text
    assert stage.last("tickets.page") == {"number": 4821, "saved": LOUD}
    assert f'href="/desk/tickets/4820?view={LOUD}" data-key="j"' in page
    assert f'href="/desk/tickets/4822?view={LOUD}" data-key="k"' in page
    form = {"view": str(LOUD), "status": "solved"}
    answer = await ann.submit(f"/desk/tickets/4821?view={LOUD}", "/desk/tickets/4821", form)
    assert answer.headers["location"] == f"/desk/tickets/4821?view={LOUD}"


async def test_what_is_filtered_is_saved_under_a_name(stage: Stage, ann: Visitor) -> None:
    path = "/desk/tickets?view=waiting&tag=billing&sort=created"
    shown = (await ann.get(path)).text
    for name, value in {"view": "waiting", "tag": "billing", "sort": "created"}.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in shown
    sent = {"view": "waiting", "tag": "billing", "sort": "created", "name": "Bills", "shared": "on", "evil": "1"}
    answer = await ann.submit(path, "/desk/views", sent)
    assert answer.headers["location"] == f"/desk/tickets?view={story.id_of('night shift')}"
    assert stage.last("views.save") == {
        "view": "waiting",
        "tag": "billing",
        "sort": "created",
        "name": "Bills",
        "shared": True,
    }
    assert "/desk/views" not in (await ann.get("/desk/tickets?view=waiting")).text


async def test_a_view_is_renamed_moved_and_deleted(stage: Stage, ann: Visitor) -> None:
    here, address = f"/desk/tickets?view={LOUD}", f"/desk/views/{LOUD}"
    assert "Move it down" in (page := (await ann.get(here)).text)
    assert "Move it up" not in page
    answer = await ann.submit(here, address, {"name": "Louder", "place": "2"})
    assert answer.headers["location"] == here
    assert stage.last("views.update") == {"saved": LOUD, "name": "Louder", "place": 2}
    assert (await ann.submit(here, f"{address}/delete")).headers["location"] == "/desk/tickets"
    assert stage.last("views.delete") == {"saved": LOUD}


async def test_a_view_that_is_not_there_is_404(stage: Stage, ann: Visitor) -> None:
    stage.answers["tickets.queue"] = rpc.NotFound()
    assert (await ann.get(f"/desk/tickets?view={story.id_of('nobody')}")).status_code == 404
    assert (await ann.get("/desk/tickets?view=secret")).status_code == 422
