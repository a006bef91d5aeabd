"""The demo has a state folder of its own, and touches no other."""

from pathlib import Path

import pytest

from seldesk.demo.state import State
from seldesk.layers import SettingsError
from seldesk.settings import Settings


def state(home: Path) -> State:
    given = {"SELDESK_HOME": str(home), "SELDESK_PORT": "0", "SELDESK_SMTP_IN__PORT": "0"}
    return State(Settings.load(None, given | {"SELDESK_LISTEN": "127.0.0.1", "SELDESK_SMTP_IN__HOST": "127.0.0.1"}))


@pytest.mark.flaw("Odoo CVE-2021-45111")
@pytest.mark.asvs("V6.3.2")
def test_an_installation_gets_no_people_with_known_passwords(tmp_path: Path) -> None:
    """Nor is it forgotten by --reset: the folder is refused before anything is looked at."""
    (tmp_path / "postgres").mkdir()
    with pytest.raises(SettingsError) as refused, state(tmp_path):
        pytest.fail("it was entered")
    assert "no demo's" in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "postgres"]


def test_a_folder_of_its_own_is_known_again(tmp_path: Path) -> None:
    for _ in range(2):
        with state(tmp_path) as own:
            (tmp_path / "postgres").mkdir(exist_ok=True)
            assert not own.interrupted
            own.forget()
            (tmp_path / "postgres").mkdir()
