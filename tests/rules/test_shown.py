"""Published flaws and checks of the standard: each is shown by a test that says so."""

import ast
import tomllib
from collections.abc import Iterator

import pytest

from tests.rules.checkout import ROOT, marking

TABLES = {"flaw": "flaws", "asvs": "asvs"}
SHOWN = tomllib.loads((ROOT / "tests" / "security" / "shown.toml").read_text())


def marked(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The markers that stand in a file, each with one of its ids."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(
                    attr="flaw" | "asvs" as kind,
                    value=ast.Attribute(attr="mark", value=ast.Name(id="pytest")),
                ),
                args=ids,
            ):
                for one in ids:
                    assert isinstance(one, ast.Constant), ast.unparse(one)
                    yield kind, str(one.value)


@pytest.fixture(scope="module")
def found() -> set[tuple[str, str]]:
    return {each for tree in marking(*TABLES) for each in marked(tree)}


@pytest.mark.parametrize("kind", TABLES)
def test_whatever_is_named_is_shown_by_a_test(found: set[tuple[str, str]], kind: str) -> None:
    named, shown = set(SHOWN[TABLES[kind]]), {id for marker, id in found if marker == kind}
    assert named - shown == set(), "no test has this marker"
    assert shown - named == set(), "a sentence is missing in tests/security/shown.toml"


def test_a_marker_is_found() -> None:
    tree = ast.parse(
        '@pytest.mark.flaw("A CVE-1", "B CVE-2")\ndef test_x(): ...\npytestmark = [pytest.mark.asvs("V1")]'
    )
    assert set(marked(tree)) == {("flaw", "A CVE-1"), ("flaw", "B CVE-2"), ("asvs", "V1")}


def test_a_test_of_the_table_says_a_sentence() -> None:
    for table in SHOWN.values():
        assert [says for says in table.values() if not says.endswith(".")] == []
