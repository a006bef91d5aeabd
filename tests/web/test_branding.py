"""The customer's colour and logo on its pages, and the page on which they are chosen."""

from uuid import UUID

import pytest

from seldesk.surroundings import Brand
from seldesk.web.branding import version
from tests.web.conftest import LOGO
from tests.web.stage import Stage
from tests.web.visitor import Visitor

HERE = "/settings/branding"


async def test_pages_link_the_stylesheet_and_the_logo_under_addresses_that_change(
    branded: Brand, stranger: Visitor
) -> None:
    for path in ("/", "/desk/sign-in", "/sign-in"):
        text = (await stranger.get(path)).text
        assert f'href="/brand/{version(branded)}.css"' in text
        assert f'src="/brand/logo/{LOGO}"' in text
    sheet = await stranger.get(f"/brand/{version(branded)}.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert sheet.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in sheet.headers["cache-control"]
    assert "--accent:light-dark(#856f00,#ffd500)" in sheet.text
    assert "immutable" not in (await stranger.get("/brand/old.css")).headers["cache-control"]
    assert version(branded) != version(Brand("#ffd501"))


@pytest.mark.asvs("V3.2.1")
async def test_a_logo_is_a_picture_and_nothing_else(branded: Brand, stranger: Visitor) -> None:
    answer = await stranger.get(f"/brand/logo/{LOGO}")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert (await stranger.get(f"/brand/logo/{UUID(int=8)}")).status_code == 404


async def test_without_a_choice_there_is_neither(stranger: Visitor) -> None:
    assert "/brand/" not in (await stranger.get("/desk/sign-in")).text
    assert (await stranger.get("/brand/any.css")).status_code == 404
    assert (await stranger.get("/brand/logo/None")).status_code == 404


async def test_name_and_colour_are_chosen(stage: Stage, ann: Visitor) -> None:
    text = (await ann.get(HERE)).text
    assert "contrast of 1.3 : 1" in text
    assert "#856f00 is used" in text
    answer = await ann.submit(HERE, HERE, {"name": "Acme", "colour": "own", "accent": "#00a86b"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?saved")
    assert stage.last("branding.update") == {"name": "Acme", "accent": "#00a86b"}
    await ann.submit(HERE, HERE, {"name": "Acme", "colour": "seldesk", "accent": "#00a86b", "without_logo": "true"})
    assert stage.last("branding.update") == {"name": "Acme", "accent": "", "without_logo": True}
