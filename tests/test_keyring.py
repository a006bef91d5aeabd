import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import pytest

from seldesk.keyring import Name, master_key
from seldesk.layers import SettingsError
from seldesk.settings import Settings


def load(home: Path, **variables: str) -> Settings:
    environment = {f"SELDESK_{name}": value for name, value in variables.items()}
    return Settings.load(None, {"SELDESK_HOME": str(home), **environment})


def test_an_embedded_installation_makes_its_keys_once(tmp_path: Path) -> None:
    settings = load(tmp_path)
    keys = {master_key(settings, name) for name in get_args(Name)}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == len(get_args(Name)) == 6
    assert master_key(load(tmp_path), "content") == master_key(settings, "content")


def test_only_their_owner_may_read_them(tmp_path: Path) -> None:
    master_key(load(tmp_path), "content")
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    settings = load(tmp_path / "new")
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: master_key(settings, "content"), range(8)))
    assert len(set(keys)) == 1


def test_a_key_that_was_lost_is_not_made_anew(tmp_path: Path) -> None:
    settings = load(tmp_path)
    master_key(settings, "content")
    (tmp_path / "secrets" / "content.key").unlink()
    with pytest.raises(SettingsError, match=r"content key cannot be read from .*content\.key"):
        master_key(settings, "content")


def test_elsewhere_keys_are_never_made(tmp_path: Path) -> None:
    settings = load(tmp_path, DATABASE__EMBEDDED="false")
    with pytest.raises(SettingsError, match="SELDESK_SECRETS__SIGNING"):
        master_key(settings, "signing")
    assert not (tmp_path / "secrets").exists()


def test_a_key_may_come_from_the_environment(tmp_path: Path) -> None:
    given = base64.b64encode(bytes(range(32))).decode()
    assert master_key(load(tmp_path, SECRETS__CONTENT=given), "content") == bytes(range(32))
    assert not (tmp_path / "secrets").exists()


def test_a_key_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    settings = load(tmp_path)
    master_key(settings, "content")
    (tmp_path / "secrets" / "content.key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        master_key(settings, "content")


@pytest.mark.parametrize("content", [b"", b"c2hvcnQ=", b"not base64 at all", b"\xff\xfe"])
def test_what_is_no_key_is_refused_and_not_shown(tmp_path: Path, content: bytes) -> None:
    settings = load(tmp_path)
    master_key(settings, "content")
    (tmp_path / "secrets" / "content.key").write_bytes(content)
    with pytest.raises(SettingsError, match=r"content\.key must hold 32 bytes in base64\.$"):
        master_key(settings, "content")
