"""An error stands beside the noun that tells it: shared is only what several modules name."""

import ast
import re

from tests.rules.checkout import ROOT, modules, parsed

SHARED = ROOT / "seldesk/errors.py"


def test_what_one_module_alone_tells_stands_there() -> None:
    shared = [node.name for node in parsed(SHARED).body if isinstance(node, ast.ClassDef)]
    assert len(shared) > 10
    programs = [*modules("seldesk"), *(path for path in modules("tests") if path.is_relative_to(ROOT / "tests/bench"))]
    texts = [path.read_text() for path in programs if path != SHARED]
    naming = {name: sum(bool(re.search(rf"\b{name}\b", text)) for text in texts) for name in shared}
    assert [name for name, times in naming.items() if times < 2] == []
