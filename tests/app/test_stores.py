"""Whoever can write to one store cannot delete in the other: the settings are looked at before that is found out, and
an S3 server that knows whom it gave which bucket refuses it.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from seldesk.app.stores import manifest_public, separate, stores
from seldesk.keyring import master_key
from seldesk.layers import SettingsError
from seldesk.settings import Settings
from seldesk.storage import Exists, ManifestKey, Place, StoreUnavailable
from tests.faults import until
from tests.storage.s3 import address, seaweed
from tests.world import settings

MINE, OTHERS = "here", "there"
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


def identity(name: str, *actions: str) -> dict[str, Any]:
    return {"name": name, "credentials": [{"accessKey": name, "secretKey": f"{name}-secret"}], "actions": actions}


def only(bucket: str) -> dict[str, Any]:
    return identity(bucket, *(f"{action}:{bucket}" for action in ("Read", "Write", "List")))


def bucket(port: int, name: str) -> str:
    return address(port, "files", name)


@pytest.fixture
async def s3(tmp_path: Path) -> AsyncIterator[int]:
    """Two buckets, each for one identity alone."""
    with seaweed(tmp_path, [identity("operator", "Admin"), only(MINE), only(OTHERS)]) as port:

        async def made() -> bool:
            try:
                for name in (MINE, OTHERS):
                    place = Place.at(bucket(port, name), 5, "operator:operator-secret")
                    await place.create("made", b"")
            except Exists:
                return True
            except StoreUnavailable:
                return False
            return True

        await until(made, 60)
        yield port


@pytest.mark.long
async def test_a_server_refuses_the_writer_of_one_bucket_in_the_other(tmp_path: Path, s3: int) -> None:
    given = {
        "SELDESK_STORES": json.dumps([bucket(s3, MINE), bucket(s3, OTHERS)]),
        "SELDESK_SECRETS__STORES": json.dumps([f"{name}:{name}-secret" for name in (MINE, OTHERS)]),
    }
    mine, others = stores(settings(tmp_path, **given))
    await mine.create("a", b"kept")
    await others.create("a", b"kept")
    # The other bucket with the credentials of this one.
    thief = Place.at(bucket(s3, OTHERS), 10, f"{MINE}:{MINE}-secret")
    for refused in (thief.delete("a"), thief.replace("a", b"x"), thief.create("b", b"x"), thief.get("a", 10)):
        with pytest.raises(StoreUnavailable):
            await refused
    assert await others.get("a", 10) == b"kept"
    # It was not the request that was wrong.
    await mine.delete("a")
    assert [path async for path, _ in mine.list("a")] == []
