"""Run by tox's wheel environment, from / instead of the checkout: is all that Seldesk needs installed?"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import seldesk
from seldesk.resources import folder

# What runs when it is imported: Alembic's scripts want a context of their own.
SCRIPTS = ("__main__", "env", "versions")


def main(checkout: Path) -> None:
    installed = Path(seldesk.__file__).parent
    if installed.is_relative_to(checkout / "seldesk"):
        sys.exit(f"This looks at the checkout {checkout}, not at an installed wheel.")
    modules = list(import_all("orm", "rpc", "seldesk"))
    missing = [path for path in expected(checkout) if not (installed.parent / path).is_file()]
    if missing:
        sys.exit("Not in the wheel: " + ", ".join(map(str, missing)))
    for name in ("config", "static", "templates"):
        if folder(name) != installed / name:
            sys.exit(f"folder({name!r}) answers {folder(name)}, not the installed one.")
    sys.stdout.write(f"wheel: {len(modules)} modules import, every file is there\n")


def import_all(*packages: str) -> Iterator[str]:
    for package in packages:
        module = importlib.import_module(package)
        yield package
        for found in pkgutil.walk_packages(module.__path__, package + "."):
            if found.name.rpartition(".")[2] in SCRIPTS or ".versions." in found.name:
                continue
            importlib.import_module(found.name)
            yield found.name


def expected(checkout: Path) -> Iterator[Path]:
    """Where each file of the checkout belongs in the installation, code or not."""
    places = {
        "orm": "orm",
        "rpc": "rpc",
        "seldesk": "seldesk",
        "config": "seldesk/config",
        "templates": "seldesk/templates",
    }
    for source, place in places.items():
        for path in (checkout / source).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                yield place / path.relative_to(checkout / source)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
