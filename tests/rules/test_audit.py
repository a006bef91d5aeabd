"""scripts/audit passes only where everything was looked up and nothing was found, or nothing could be looked up."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.rules.checkout import ROOT

# Says what the real one says. `reachable` stands for its database; without it nothing is found, as behind a proxy.
PROGRAM = """#!/bin/sh
for file; do :; done
flawed=0
while read -r package; do
    case "$package" in
    *==*) ;;
    *) echo "ERROR:pip_audit._cli:$package cannot be read"; exit 1 ;;
    esac
    if [ ! -e "$(dirname "$0")/reachable" ] || [ "$package" = "unknown==1.0" ]; then
        echo "ERROR:pip_audit._cli:$package: Dependency not found on PyPI and could not be audited"
        exit 1
    fi
    case "$package" in jinja2==2.4.1 | flawed==*) flawed=$((flawed + 1)) ;; esac
done <"$file"
[ "$flawed" = 0 ] || { echo "Found $flawed known vulnerabilities in $flawed package"; exit 1; }
"""


def audit(folder: Path, *packages: str, reachable: bool = True) -> subprocess.CompletedProcess[str]:
    programs = folder / "bin"
    programs.mkdir()
    (programs / "pip-audit").write_text(PROGRAM)
    (programs / "pip-audit").chmod(0o755)
    if reachable:
        (programs / "reachable").touch()
    (folder / "packages").write_text("".join(f"{package}\n" for package in packages))
    return subprocess.run(
        [ROOT / "scripts" / "audit", folder / "packages"],
        env={"PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_packages_without_a_known_flaw_pass(tmp_path: Path) -> None:
    done = audit(tmp_path, "good==1.0", "better==2.0")
    assert (done.returncode, "not run" in done.stdout) == (0, False)


@pytest.mark.parametrize("package", ["flawed==1.0", "unknown==1.0", "no requirement"])
def test_a_flaw_a_package_that_nobody_knows_and_what_cannot_be_read_fail(tmp_path: Path, package: str) -> None:
    done = audit(tmp_path, "good==1.0", package)
    assert done.returncode == 1
    assert "not run" not in done.stdout


def test_a_database_out_of_reach_is_not_run(tmp_path: Path) -> None:
    done = audit(tmp_path, "flawed==1.0", reachable=False)
    assert (done.returncode, done.stdout) == (0, "pip-audit: not run, its database cannot be reached from here\n")
