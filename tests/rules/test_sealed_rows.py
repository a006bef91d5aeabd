"""When a content key is changed, what lies under the old version must be sealed anew: files, and what rows keep."""

from pathlib import Path

from tests.rules.checkout import ROOT

# The seeds of authenticators are sealed anew by housekeeping.reseal. What a browser was shown is over in 15 minutes.
FACTORS = (
    "seldesk/app/around.py",
    "seldesk/app/build.py",
    "seldesk/sealed.py",
    "seldesk/surroundings.py",
    "seldesk/models/desk/factor.py",
)
ALLOWED = ("seldesk/storage/", "seldesk/settings.py", *FACTORS)


def test_no_row_keeps_a_secret_that_a_new_content_key_would_lock() -> None:
    """Whoever seals into a row reseals it in seldesk/app/rotating.py before the old version goes, and is named here."""
    users = [
        str(path.relative_to(ROOT))
        for path in sorted(Path(ROOT / "seldesk").rglob("*.py"))
        if "Secrets" in path.read_text(encoding="utf-8")
    ]
    assert [path for path in users if not path.startswith(ALLOWED)] == []
