"""Each fault that is said to be survived is shown by a test, and each that is shown has a sentence."""

import ast
import tomllib
from collections.abc import Iterator

from tests.rules.checkout import ROOT, marking

SAID = tomllib.loads((ROOT / "tests" / "resilience" / "faults.toml").read_text())["faults"]


def marked(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="fault", value=ast.Attribute(attr="mark", value=ast.Name(id="pytest"))),
                args=numbers,
            ):
                for one in numbers:
                    assert isinstance(one, ast.Constant), ast.unparse(one)
                    yield str(one.value)


def test_whatever_is_said_to_be_survived_is_shown_by_a_test() -> None:
    shown = {number for tree in marking("fault") for number in marked(tree)}
    assert SAID.keys() - shown == set(), "no test has this marker"
    assert shown - SAID.keys() == set(), "a sentence is missing in tests/resilience/faults.toml"
    assert [words for words in SAID.values() if not words.endswith(".")] == []


def test_a_marker_is_found() -> None:
    tree = ast.parse("@pytest.mark.fault(3, 4)\ndef test_x(): ...\npytestmark = [pytest.mark.fault(5)]")
    assert set(marked(tree)) == {"3", "4", "5"}
