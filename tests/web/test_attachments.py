"""A file is a download, whatever it calls itself."""

from urllib.parse import unquote

import pytest

import rpc
from seldesk.methods.desk.shapes.tickets import File
from seldesk.web.attachments import disposition
from tests.web.stage import Stage, edge
from tests.web.visitor import Visitor

pytestmark = [
    pytest.mark.flaw("RT CVE-2022-25802", "FreeScout CVE-2025-48471", "FreeScout CVE-2026-28289"),
    pytest.mark.asvs("V5.4.1", "V5.4.2"),
]
QUOTING = "a\";filename*=UTF-8''evil.html"


@pytest.fixture
def files(stage: Stage) -> Visitor:
    return Visitor(edge(stage), "acme.files.localhost:8000")


async def test_a_page_leads_to_the_host_of_files(stage: Stage, ann: Visitor) -> None:
    for path, kind in (("/desk/attachments", rpc.Kind.PERSON), ("/attachments", rpc.Kind.LINK)):
        answer = await ann.get(f"{path}/0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3")
        assert (answer.status_code, answer.headers["location"]) == (303, stage.answers["attachments.link"])
        assert stage.calls[-1][2].kind is kind


@pytest.mark.parametrize("id_", ["1", "x", "../7", "0192f0c1-2d3e-7a4b-8c5d"])
async def test_an_id_that_is_none_is_not_found(stage: Stage, ann: Visitor, id_: str) -> None:
    assert (await ann.get(f"/desk/attachments/{id_}")).status_code == 404
    assert stage.calls == []


async def test_a_file_comes_alone_and_powerless(stage: Stage, files: Visitor) -> None:
    answer = await files.get("/a-token")
    assert answer.content == b"%PDF-1.7"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert stage.calls[-1][1] == {"token": "a-token"}
    assert stage.calls[-1][2].kind is rpc.Kind.ANONYMOUS
    assert stage.calls[-1][2].secret == "", "a cookie of the desk means nothing here"


@pytest.mark.parametrize(
    ("claimed", "sent"),
    [
        ("image/png", "image/png"),
        ("IMAGE/PNG; name=x", "image/png"),
        ("application/pdf", "application/pdf"),
        ("text/html", "application/octet-stream"),
        ("text/html; x=image/png", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("text/xml", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"),
        ("application/javascript", "application/octet-stream"),
        ("image/png\r\nX-Evil: 1", "application/octet-stream"),
        ("image/png" * 100, "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
@pytest.mark.asvs("V1.3.4")
async def test_a_type_that_a_browser_may_run_is_not_passed_on(
    stage: Stage, files: Visitor, claimed: str, sent: str
) -> None:
    stage.answers["attachments.download"] = File("a.png", claimed, b"<script>alert(1)</script>")
    answer = await files.get("/a-token")
    assert answer.headers["content-type"].partition(";")[0] == sent
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize(
    ("name", "plain", "full"),
    [
        ("invoice.pdf", "invoice.pdf", "invoice.pdf"),
        ("Rechnung für Müller.pdf", "Rechnung f_r M_ller.pdf", "Rechnung für Müller.pdf"),
        (QUOTING, "a__filename__UTF-8__evil.html", QUOTING),
        ("a\r\nSet-Cookie: x=y", "aSet-Cookie_ x_y", "aSet-Cookie: x=y"),
        ("\u202egnp.exe", "gnp.exe", "gnp.exe"),
        ("\u200b.htaccess", "htaccess", "htaccess"),
        ("../../etc/passwd", "etcpasswd", "etcpasswd"),
        ("C:\\temp\\a.txt", "C_tempa.txt", "C:tempa.txt"),
        ("請求書.pdf", "___.pdf", "請求書.pdf"),
        ("🧾.pdf", "_.pdf", "🧾.pdf"),
        ("a%41.txt", "a_41.txt", "a%41.txt"),
        ("trailing. . ", "trailing", "trailing"),
        ("\x00\x1f\x7f", "file", "file"),
        ("", "file", "file"),
        ("...", "file", "file"),
    ],
)  # fmt: skip
def test_any_name_makes_a_whole_header(name: str, plain: str, full: str) -> None:
    header = disposition(name)
    head, _, encoded = header.partition("; filename*=UTF-8''")
    assert head == f'attachment; filename="{plain}"'
    assert unquote(encoded) == full
    assert header.isascii()
    assert header.isprintable()


def test_an_endless_name_is_cut() -> None:
    assert len(disposition("x" * 10_000)) < 500


async def test_an_old_link_is_not_found(stage: Stage, files: Visitor) -> None:
    stage.answers["attachments.download"] = rpc.NotFound()
    assert (await files.get("/old")).status_code == 404
