"""What was found: a table for people, figures for programs."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.arithmetic import verdict
from tests.bench.backup.run import WANTED, Found


def show(console: Console, found: Sequence[Found]) -> None:
    listed = Table("figure", "is", "wanted", "", "lowest", "highest", "load")
    for one in found:
        spread = (f"{one.spread.lowest:.2f}", f"{one.spread.highest:.2f}") if one.spread else ("", "")
        wanted = WANTED.get(one.name, "")
        said = verdict(wanted, one.value, one.spread)
        listed.add_row(one.name, f"{one.value:.3g}", wanted, said, *spread, f"{one.load:.1f}")
    console.print(listed)


def write(file: Path, found: Sequence[Found]) -> None:
    """spread: the median, the lowest and the highest of the rounds. load: of the machine, when it was found."""
    content = {
        "figures": {one.name: one.value for one in found},
        "spread": {one.name: [one.spread.median, one.spread.lowest, one.spread.highest] for one in found if one.spread},
        "load": {one.name: one.load for one in found},
    }
    file.write_text(json.dumps(content, indent=2) + "\n")
