"""Real and broken mails from elsewhere, all into one mailbox by SMTP, where SELDESK_MAIL_SAMPLES names their folder."""

import io
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import aiosmtplib
import httpx2
import pytest

from seldesk.inbound.smtp import Receiver, serve
from seldesk.logs import configure
from tests.faults import another
from tests.world import World

FOLDER = os.environ.get("SELDESK_MAIL_SAMPLES", "")
LARGEST = 26_214_400
SECONDS = 2.0
TRACE = re.compile(rb"^Received:.*\r\n(?:[ \t].*\r\n)*", re.MULTILINE)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure("debug", console=False, stream=stream)
    yield stream
    configure("warning", console=False, stream=io.StringIO())


def handed_over(path: Path) -> bytes:
    """As a mail server does: lines end with CRLF."""
    return path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").strip()


async def sent(port: int, paths: list[Path]) -> tuple[dict[Path, int], dict[Path, float]]:
    """What was answered to each of them, and after how many seconds."""
    codes: dict[Path, int] = {}
    lasted: dict[Path, float] = {}
    for path in paths:
        raw = handed_over(path)
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            started = time.monotonic()
            try:
                await client.sendmail("cleo@cleo.example", ["support@acme.localhost"], raw)
                codes[path] = 250
            except aiosmtplib.SMTPResponseException as refused:
                codes[path] = refused.code
            lasted[path] = time.monotonic() - started
    return codes, lasted


async def shown(world: World, addresses: list[str]) -> dict[str, int]:
    """The states of these pages for Bo."""
    bo = await world.acme.signed_in("bo")
    transport = httpx2.ASGITransport(world.app.web())
    client = httpx2.AsyncClient(
        transport=transport,
        base_url=f"http://acme.localhost:{world.app.settings.port}",
        cookies={"session": bo.credential.secret},
    )
    async with client:
        return {address: (await client.get(address)).status_code for address in addresses}


@pytest.mark.skipif(not Path(FOLDER).is_dir() or not FOLDER, reason="SELDESK_MAIL_SAMPLES names no folder of mails")
async def test_every_mail_is_kept_told_and_shown(world: World, logged: io.StringIO) -> None:
    """None is lost, none breaks or holds up the door, and all that came of them can be read."""
    paths = sorted(path for path in Path(FOLDER).rglob("*") if path.is_file())
    assert paths
    async with another(world, SELDESK_LIMITS__MAILS_PER_HOUR="0") as acme:
        server = await serve(Receiver(acme.app.mail), "127.0.0.1", 0, "mx.localhost", largest=LARGEST)
        try:
            codes, lasted = await sent(server.sockets[0].getsockname()[1], paths)
        finally:
            server.close()
    taken = [path for path, code in codes.items() if code == 250]
    assert {path.name: code for path, code in codes.items() if code != 250 and path.read_bytes().strip()} == {}
    assert {path.name: round(seconds, 1) for path, seconds in lasted.items() if seconds > SECONDS} == {}
    states = await world.rows(world.acme, "SELECT state || ':' || coalesce(reason, '') FROM app.mails")
    different = {TRACE.sub(b"", handed_over(path)) for path in taken}
    assert len(states) == len(different), "only what came twice, perhaps another way, is kept once"
    untold = [state for state in states if not state.startswith(("opened", "threaded", "bounced")) and state[-1] == ":"]
    assert untold == []
    assert "Traceback" not in logged.getvalue()
    numbers = await world.rows(world.acme, "SELECT number FROM app.tickets")
    bodies = await world.rows(world.acme, "SELECT id FROM app.messages WHERE html IS NOT NULL")
    assert numbers
    assert bodies
    pages = [f"/desk/tickets/{number}" for number in numbers]
    found = await shown(world, [*pages, *(f"/desk/messages/{id}/body?images=1" for id in bodies)])
    assert {address: status for address, status in found.items() if status != 200} == {}
    assert set((await shown(world, ["/settings/mail-failures", "/desk/tickets?view=all"])).values()) == {200}
