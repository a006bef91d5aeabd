"""Where files lie that are not code: in the package when installed, at the top of a checkout otherwise."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def newest_revision(name: str) -> str:
    """Of these migrations, read from the names of their files: to load them takes a library that pages do not need."""
    found = (path.name for path in (folder("migrations") / name / "versions").glob("r[0-9]*_*.py"))
    return max(found).partition("_")[0].removeprefix("r")
