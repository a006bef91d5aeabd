"""What can be chosen is read at the start, and does not start where it does not fit together."""

import shutil
from pathlib import Path

import pytest

from seldesk.layers import SettingsError
from seldesk.offer import Offer
from seldesk.resources import folder


def test_a_country_leads_to_a_pair_of_data_centres() -> None:
    offer = Offer.load()
    at_home, asked_for = offer.region_of("AT"), offer.region_of("AT", "us")
    assert at_home is not None
    assert asked_for is not None
    assert [centre.city for centre in at_home.data_centres] == ["Frankfurt", "Amsterdam"]
    assert asked_for.jurisdiction == "United States"
    assert offer.region_of("XX") is offer.region_of("AT", "mars") is None


MISTAKES = {
    (
        "countries.toml",
        'AD = { name = "Andorra", region = "eu" }',
        'AD = { name = "Andorra", region = "mars" }',
    ): "AD in",
    ("countries.toml", 'AD = { name = "Andorra", region = "eu" }', 'AD = { region = "eu" }'): "AD in the configuration",
    ("data_centres.toml", '["fra", "ams"]', '["fra", "fra"]'): "a pair of data centres",
    ("data_centres.toml", '["fra", "ams"]', '["fra"]'): "a pair of data centres",
    ("data_centres.toml", '["fra", "ams"]', '["fra", "zrh"]'): "a pair of data centres",
    ("data_centres.toml", '["fra", "ams"]', '["fra", "iad"]'): "a country that is not of the region eu",
    ("plans.toml", "price_cents = 1200", 'price_cents = "12 euros"'): "paid in the configuration",
    ("plans.toml", "[trial]", "[trial"): "not valid TOML",
}


@pytest.mark.parametrize(("change", "sentence"), MISTAKES.items(), ids=lambda part: part[2] if len(part) == 3 else "")
def test_a_mistake_is_a_sentence(tmp_path: Path, change: tuple[str, str, str], sentence: str) -> None:
    place, (name, before, after) = tmp_path / "config", change
    shutil.copytree(folder("config"), place)
    text = (place / name).read_text()
    assert before in text
    (place / name).write_text(text.replace(before, after, 1))
    with pytest.raises(SettingsError, match=sentence):
        Offer.load(place)
