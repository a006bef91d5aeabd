"""Real and broken mails from elsewhere, where SELDESK_MAIL_SAMPLES names a folder of them."""

import os
from pathlib import Path

import pytest

from seldesk.mail import html
from seldesk.mail.classify import classify
from seldesk.mail.parse import Unreadable, parse
from tests.mail.test_parse import storable

FOLDER = os.environ.get("SELDESK_MAIL_SAMPLES", "")
SAMPLES = sorted(path for path in Path(FOLDER).rglob("*") if path.is_file()) if FOLDER else []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_read(path: Path) -> None:
    raw = path.read_bytes()
    try:
        mail = parse(raw)
    except Unreadable:
        assert not raw.strip()
        return
    assert storable(mail)
    assert mail.sender is None or "@" in mail.sender.address
    assert classify(mail, ("acme.example",)).reason
    if mail.html is not None:
        assert "<script" not in html.sanitise(mail.html, image_urls={}, show_remote=False)


@pytest.mark.parametrize("folder", [path.parent for path in SAMPLES if path.name == "report_422.eml"])
def test_reports_among_the_samples_are_bounces(folder: Path) -> None:
    kinds = {path.name: classify(parse(path.read_bytes()), ()).kind for path in folder.glob("*.eml")}
    assert set(kinds.values()) == {"bounce_permanent", "bounce_temporary"}
    assert kinds["report_422.eml"] == "bounce_temporary"
    assert kinds["report_530.eml"] == "bounce_permanent"
