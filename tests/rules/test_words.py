"""What no file of the project may say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.checkout import ROOT, texts

# Put together here, so that this file does not say what it forbids.
UNFINISHED = r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b"
REGISTRY = "|".join(
    re.escape(host)
    for host in ("registry." + "npmjs", "registry." + "yarnpkg", "files." + "pythonhosted", "test." + "pypi")
)
MACHINE = r"(?<![\w.:/-])/(" + "|".join(("home/" + r"\w", "root/" + r"\w", "Users/" + r"\w", "work/" + r"\w")) + ")"
# Where and by which list it is worked on is no part of what is made; three digits are a magazine's or a tracker's.
WORKPLACE = r"\.\./shar" + r"ed\b|\bshared/(design|iss" + r"ues)\b|\biss" + r"ues? #?\d{1,2}\b(?! of )"
WORDS = {
    "an unfinished thing": UNFINISHED,
    "a registry's address": REGISTRY,
    "a path of one machine": MACHINE,
    "a word of a workplace": WORKPLACE,
    "a test that is put aside": r"pytest\.xfail\(|mark\.(skip|xfail)\b",
    "a name patched in a test": r"\bmonkeypatch\.setattr|\bunittest\.mock\b|\bfrom unittest import mock\b",
    "a merge that is not done": r"^(<{7} |={7}$|>{7} )",
    "an ignored error without its code": r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)",
}
HERE = Path(__file__)


def said(pattern: str, paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(pattern, line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"


@pytest.mark.parametrize("what", WORDS)
def test_no_file_says(what: str) -> None:
    assert list(said(WORDS[what], [path for path in texts() if path != HERE])) == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("an unfinished thing", "# TO" + "DO: later"),
        ("a registry's address", "https://registry." + "npmjs.org/htmx.org"),
        ("a path of one machine", 'PATH = "/home/' + 'ann/seldesk"'),
        ("a word of a workplace", "as ../shar" + "ed/design/mail.md says"),
        ("a word of a workplace", "the pages of iss" + "ue 2 come first"),
        ("a word of a workplace", "See iss" + "ues 12 and 13"),
        ("a test that is put aside", "@pytest.mark." + "skip"),
        ("a name patched in a test", "monkeypatch." + "setattr(clock)"),
        ("a merge that is not done", "<" * 7 + " HEAD"),
        ("an ignored error without its code", "x = y  # type: " + "ignore"),
    ],
)
def test_what_is_planted_is_found(tmp_path: Path, what: str, line: str) -> None:
    assert re.search(WORDS[what], line)


@pytest.mark.parametrize(
    "line",
    [
        "see docs/home/index.md",
        "http://127.0.0.1/home/x",
        "# type: ignore[arg-type]",
        "workshop",
        "shared = ((FROM_A_BLOCK, block), (OF_A_CUSTOMER, ''))",
        "Issue 212: who restarted the restart service?",
        "iss" + "ue 3 of the newsletter",
        "https://tracker.example/issues/12",
    ],
)
def test_innocent_lines_pass(line: str) -> None:
    assert not [what for what, pattern in WORDS.items() if re.search(pattern, line)]
