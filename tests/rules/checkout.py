"""The files that belong to the project: what git tracks, and what it would track."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = {
    ".cfg",
    ".css",
    ".html",
    ".ini",
    ".js",
    ".json",
    ".md",
    ".py",
    ".service",
    ".sql",
    ".toml",
    ".txt",
    "",
}


@cache
def files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in sorted(listed.stdout.split("\0")) if name and (ROOT / name).is_file()]


def texts() -> list[Path]:
    return [path for path in files() if path.suffix in TEXT]


def modules(*packages: str) -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in packages]


@cache
def parsed(path: Path) -> ast.Module:
    """A module, read once for all rules."""
    return ast.parse(path.read_text())


def marking(*markers: str) -> list[ast.Module]:
    """The modules of tests that have one of these markers somewhere."""
    words = [f"pytest.mark.{marker}(" for marker in markers]
    named = (path for path in modules("tests") if path.name.startswith("test_"))
    return [parsed(path) for path in named if any(word in path.read_text() for word in words)]


def dotted(expression: ast.expr) -> str:
    """The name by which something is reached, as in sa.text; "" for what is no name."""
    match expression:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{dotted(value)}.{attr}"
    return ""
