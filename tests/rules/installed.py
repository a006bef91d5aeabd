"""Run by tox's wheel environment, from / instead of the checkout: is all that Seldesk needs installed?"""

import importlib
import json
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
    missing = [path for path in expected(checkout) if not (installed / path).is_file()]
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
    for name, source in (("config", "config"), ("templates", "templates"), ("static", "seldesk/static")):
        root = checkout / source
        yield from (name / path.relative_to(root) for path in root.rglob("*") if path.is_file())
    manifest = json.loads((checkout / "seldesk/static/vendor/manifest.json").read_text())
    yield from (Path("static/vendor") / name for name in manifest["files"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
