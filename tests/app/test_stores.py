"""Whoever can write to one store cannot delete in the other: the settings are looked at before that is found out."""

from pathlib import Path

import pytest

from seldesk.app.stores import manifest_public, separate
from seldesk.keyring import master_key
from seldesk.layers import SettingsError
from seldesk.settings import Settings
from seldesk.storage import ManifestKey
from tests.world import settings

TWO = '["s3://a", "s3://b"]'
PUBLIC = {
    "SELDESK_BASE": "desk.example",
    "SELDESK_FILES_BASE": "desk-files.example",
    "SELDESK_OPS_BASE": "desk-ops.example",
    "SELDESK_SMTP_OUT__HOST": "relay.example",
}


def outside(home: Path, stores: str, writing: str, deleting: str = "[]") -> Settings:
    given = {"SELDESK_STORES": stores, "SELDESK_SECRETS__STORES": writing, "SELDESK_SECRETS__DELETING": deleting}
    return settings(home, **PUBLIC, **given)


@pytest.mark.parametrize(
    ("stores", "writing", "deleting", "words"),
    [
        (TWO, '["a:1", "b:2"]', "[]", ""),
        (TWO, '["a:1", "b:2"]', '["da:3", "db:4"]', ""),
        (TWO, '["a:1", "a:1"]', "[]", "more than once"),
        (TWO, '["a:1", "b:2"]', '["da:3", "a:1"]', "more than once"),
        (TWO, '["a:1"]', "[]", "credentials of its own"),
        (TWO, "[]", "[]", "credentials of its own"),
        ('["one", "two"]', "[]", "[]", "two buckets"),
    ],
)
def test_credentials_of_one_store_are_not_those_of_the_other(
    tmp_path: Path, stores: str, writing: str, deleting: str, words: str
) -> None:
    found = separate(outside(tmp_path, stores, writing, deleting))
    assert (words in found) if words else found == ""


def test_folders_are_for_development(tmp_path: Path) -> None:
    assert separate(settings(tmp_path)) == ""


def test_what_checks_manifests_needs_no_key_that_signs_them(tmp_path: Path) -> None:
    own = settings(tmp_path)
    public = ManifestKey(master_key(own, "manifest")).public
    assert manifest_public(own) == public
    elsewhere = settings(tmp_path / "elsewhere", SELDESK_SECRETS__MANIFEST_PUBLIC="c2hvcnQ=")
    with pytest.raises(SettingsError):
        manifest_public(elsewhere)
