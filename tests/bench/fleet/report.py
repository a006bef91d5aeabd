"""What was found: a table for people, figures for programs."""

import json
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.arithmetic import Ratio, verdict

WANTED = {
    "isolation_failures": "0",
    "failed_requests": "0",
    "open_connections": "<= 40",
    "idle_connections": "0",
    "provision_ratio": "<= 3",
    "provision_growth": "<= 1.5",
    "cold_ratio": "<= 2",
    "migrate_ratio": "<= 2",
}


def show(console: Console, figures: Mapping[str, float], details: Mapping[str, Ratio]) -> None:
    listed = Table("figure", "is", "wanted", "")
    for name, value in figures.items():
        wanted, rounds = WANTED.get(name, ""), details.get(name)
        listed.add_row(name, f"{value:.3g}", wanted, verdict(wanted, value, rounds))
    console.print(listed)
    spread = Table("ratio", "median", "lowest", "highest")
    for name, one in details.items():
        spread.add_row(name, f"{one.median:.2f}", f"{one.lowest:.2f}", f"{one.highest:.2f}")
    console.print(spread)


def write(file: Path, figures: Mapping[str, float], details: Mapping[str, Ratio]) -> None:
    """spread: the median, the lowest and the highest of the rounds, or of the customers."""
    spread = {name: [one.median, one.lowest, one.highest] for name, one in details.items()}
    file.write_text(json.dumps({"figures": dict(figures), "spread": spread}, indent=2) + "\n")
