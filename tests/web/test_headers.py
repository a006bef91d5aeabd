import re

import pytest
from starlette.routing import Route

from seldesk.web.application import ACCOUNT, DESK, FILES, PORTAL, SETTINGS, SITE
from tests.web.stage import Stage, edge
from tests.web.visitor import FROM_OUR_PAGE, Visitor, address_of, method_of

CUSTOMER = [*DESK, *PORTAL, *ACCOUNT, *SETTINGS]
POLICY = re.compile(
    r"default-src 'none'; script-src 'nonce-[\w-]{22}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    r"connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def name(route: Route) -> str:
    return f"{method_of(route)} {route.path}"


@pytest.mark.parametrize("route", CUSTOMER, ids=name)
@pytest.mark.asvs("V3.2.1", "V3.4.3", "V3.4.4", "V3.4.5", "V3.4.6", "V14.3.2")
async def test_every_answer_says_how_it_may_be_used(ann: Visitor, route: Route) -> None:
    answer = await ann.request(method_of(route), address_of(route), headers=FROM_OUR_PAGE)

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])
    assert "access-control-allow-origin" not in answer.headers
    if not address_of(route).endswith("/body"):
        assert POLICY.fullmatch(answer.headers["content-security-policy"])
        assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("route", [*SITE, *FILES, *CUSTOMER], ids=name)
@pytest.mark.asvs("V3.4.1")
async def test_outside_development_only_https_is_spoken(stage: Stage, route: Route) -> None:
    host = "desk.example" if route in SITE else "acme.files.example" if route in FILES else "acme.desk.example"
    async with Visitor(edge(stage, development=False), host, scheme="https") as visitor:
        answer = await visitor.request(method_of(route), address_of(route), headers=FROM_OUR_PAGE)
    assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


async def test_no_two_pages_share_a_nonce(ann: Visitor) -> None:
    pages = [await ann.get("/desk/tickets") for _ in range(2)]
    nonces = [page.headers["content-security-policy"].split("'nonce-")[1].split("'")[0] for page in pages]
    assert nonces[0] != nonces[1]
    assert all(nonce in page.text for nonce, page in zip(nonces, pages, strict=True))


@pytest.mark.flaw("FreeScout CVE-2024-34697")
@pytest.mark.asvs("V1.3.1")
async def test_the_html_of_a_mail_has_a_policy_of_its_own(ann: Visitor) -> None:
    answer = await ann.get("/desk/messages/0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3/body")
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; sandbox allow-popups allow-popups-to-escape-sandbox; style-src 'unsafe-inline'; "
        "img-src http://acme.files.localhost:8000 data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_pictures_from_elsewhere_load_only_when_asked_for(stage: Stage, ann: Visitor) -> None:
    address = "/desk/messages/0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3/body"
    for query, loads in (("", False), ("?images=0", False), ("?images=1", True)):
        answer = await ann.get(address + query)
        assert (" https:;" in answer.headers["content-security-policy"]) is loads
        assert stage.calls[-1][1]["images"] is loads


async def test_static_files_are_kept_under_the_address_of_their_version(stage: Stage) -> None:
    async with Visitor(edge(stage, development=False), "acme.desk.example", scheme="https") as visitor:
        page = await visitor.get("/desk/sign-in")
        found = re.search(r'href="(/static/[0-9a-f]{12})/css/tokens\.css"', page.text)
        assert found
        css = await visitor.get(f"{found[1]}/css/tokens.css")
        assert css.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert css.headers["content-type"].startswith("text/css")
        other = await visitor.get("/static/000000000000/css/tokens.css")
        assert other.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["..%2f..%2fapp.py", "../../errors.py", "%2e%2e/errors.py", "css", "css/", "nothing.css"]
)
@pytest.mark.asvs("V1.1.1", "V5.3.2")
async def test_static_files_stay_in_their_folder(ann: Visitor, path: str) -> None:
    assert (await ann.get(f"/static/v/{path}")).status_code == 404


@pytest.mark.flaw("Starlette CVE-2025-62727")
async def test_five_thousand_ranges_cost_nothing(ann: Visitor) -> None:
    ranges = "bytes=" + ",".join(f"{at}-" for at in range(5000))
    answer = await ann.get("/static/v/css/parts.css", headers={"Range": ranges})
    assert answer.status_code in (200, 206, 400, 416)
    assert answer.elapsed.total_seconds() < 0.5


async def test_a_client_cannot_choose_its_request_id(ann: Visitor) -> None:
    answer = await ann.get("/", headers={"X-Request-Id": "mine"})
    assert answer.headers["x-request-id"] != "mine"
