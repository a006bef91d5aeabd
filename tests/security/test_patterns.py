"""Where a text that somebody gives may end."""

from collections.abc import Iterator

import msgspec
import pytest

from seldesk.methods import PUBLIC


def patterns(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for part in schema.values():
            yield from patterns(part)
    if isinstance(schema, list):
        for part in schema:
            yield from patterns(part)


@pytest.mark.asvs("V1.3.11")
def test_no_pattern_lets_a_line_break_pass_at_the_end() -> None:
    """`$` stands before it as well: "Ann" and "Ann" with a line break behind it would be two names that look alike."""
    found = {
        (method.name, parameter.name, pattern)
        for method in PUBLIC
        for parameter in method.signature.parameters
        for pattern in patterns(msgspec.json.schema(parameter.hint))
    }
    assert found
    assert sorted(one for one in found if one[2].endswith("$")) == []
