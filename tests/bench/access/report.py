"""What was found: a table for people, figures for programs."""

import json
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.access.run import Details
from tests.bench.arithmetic import Ratio, verdict

WANTED = {
    "audit_attempts_per_1000": "1000",
    "audit_outcomes_per_1000": "1000",
    "answers_without_audit": "0",
    "audit_per_s_ratio": ">= 0.5",
    "revocation_s": "<= 60",
    "incident_missing": "0",
    "incident_double": "0",
    "incident_repeated": "<= 5",
    "console_sql": "<= 8",
    "console_rows": "<= 300",
    "console_ms": "<= 300",
}


def show(console: Console, figures: Mapping[str, float], details: Details) -> None:
    listed = Table("figure", "is", "wanted", "")
    for name, value in figures.items():
        wanted, rounds = WANTED.get(name, ""), details.get(name)
        listed.add_row(
            name, f"{value:.3g}", wanted, verdict(wanted, value, rounds if isinstance(rounds, Ratio) else None)
        )
    console.print(listed)
    parts = Table("made of", "is")
    for name, one in details.items():
        spread = f"{one.median:.2f} ({one.lowest:.2f} to {one.highest:.2f})" if isinstance(one, Ratio) else f"{one:.3g}"
        parts.add_row(name, spread)
    console.print(parts)


def write(file: Path, figures: Mapping[str, float], details: Details) -> None:
    """details: of a ratio the median, the lowest and the highest of the rounds."""
    told = {
        name: [one.median, one.lowest, one.highest] if isinstance(one, Ratio) else one for name, one in details.items()
    }
    file.write_text(json.dumps({"figures": dict(figures), "details": told}, indent=2) + "\n")
