"""Databases, files and copies lie where customers were told."""

from pathlib import Path

import pytest

from seldesk.app.regions import centre_of, examined
from seldesk.layers import SettingsError
from seldesk.methods.control.clusters import ClusterRow
from seldesk.offer import Offer
from seldesk.settings import Settings
from tests.world import settings

PRODUCTION = {
    "SELDESK_BASE": "desk.example",
    "SELDESK_FILES_BASE": "files.example",
    "SELDESK_OPS_BASE": "ops.example",
    "SELDESK_SMTP_OUT__HOST": "relay.example",
}


def chosen(home: Path, centres: str) -> Settings:
    return settings(home, **PRODUCTION, SELDESK_STORE_CENTRES=centres)


def cluster(name: str, data_centre: str) -> ClusterRow:
    return ClusterRow(name, data_centre, "", 0, 5000, "open")


@pytest.mark.parametrize(
    ("centres", "there", "says"),
    [
        ("[]", "fra", "Nobody has said"),
        ('["fra", "nowhere"]', "fra", "names nowhere"),
        ('["fra", "iad"]', "fra", "two data centres of one region"),
        ('["fra", "fra"]', "fra", "two data centres of one region"),
        ('["fra", "ams"]', "", "--data-centre fra"),
        ('["fra", "ams"]', "iad", "an installation of its own"),
    ],
)
def test_what_is_told_at_sign_up_and_is_not_so_is_found(tmp_path: Path, centres: str, there: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        examined(chosen(tmp_path, centres), Offer.load(), [cluster("main", there)])


def test_where_all_is_in_one_region_it_says_which(tmp_path: Path) -> None:
    both = chosen(tmp_path, '["fra", "ams"]')
    clusters = [cluster("main", "fra"), cluster("second", "ams")]
    assert examined(both, Offer.load(), clusters).endswith("in Europe: Frankfurt and Amsterdam")
    assert [centre_of(both, store) for store in (0, 1, 2)] == ["Frankfurt", "Amsterdam", ""]
    assert "one machine" in examined(settings(tmp_path), Offer.load(), [cluster("main", "")])
    with pytest.raises(SettingsError, match="store_centres must name one"):
        chosen(tmp_path, '["fra"]')
