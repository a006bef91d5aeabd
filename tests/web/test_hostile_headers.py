"""What may stand in a header, and breaks nothing."""

from dataclasses import replace

import pytest

from seldesk.errors import ProofNeeded
from seldesk.web.metrics import metrics
from tests.web.stage import CUSTOMERS, Stage
from tests.web.visitor import Visitor


@pytest.mark.asvs("V16.5.1")
async def test_a_page_that_one_came_from_may_be_called_anything(stage: Stage, ann: Visitor) -> None:
    stage.answers["tokens.issue"] = ProofNeeded()
    fields = {"name": "script", "scopes": "tickets.read"}
    for came_from in ("http://[", "//", "http://[::1", "https://x.example/settings/tokens]"):
        answer = await ann.submit("/settings/tokens", "/settings/tokens", fields, headers={"referer": came_from})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/account/again?next=%2F")


async def test_a_token_of_any_letters_is_only_wrong() -> None:
    async with Visitor(metrics(bytes, None, "the token")) as prometheus:
        for shown in ("Bearer the tokén", "Bearer", ""):
            headers = {"Authorization": shown.encode("latin-1")}
            assert (await prometheus.get("/metrics", headers=headers)).status_code == 401  # type: ignore[arg-type]  # raw bytes


@pytest.mark.asvs("V3.7.2")
async def test_a_page_that_waits_leads_nowhere_but_to_itself(stage: Stage, stranger: Visitor) -> None:
    before = CUSTOMERS["acme"]
    CUSTOMERS["acme"] = replace(before, state="provisioning")
    try:
        answer = await stranger.get("http://acme.localhost:8000//evil.example/x")
    finally:
        CUSTOMERS["acme"] = before
    assert answer.status_code == 503
    assert 'href="/evil.example/x"' in answer.text
    assert 'href="//' not in answer.text
