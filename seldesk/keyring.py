"""The master keys: from the environment, else from files that only this user can read."""

import base64
import os
import secrets
import shlex
import tempfile
from pathlib import Path
from typing import Literal, get_args

from seldesk.layers import Secret, SettingsError
from seldesk.settings import Settings

SIZE = 32
Name = Literal["connection", "provisioner", "content", "backup", "signing", "manifest"]
Wrapping = Literal["content", "backup"]
PROGRAM = "program:"


def master_key(settings: Settings, name: Name) -> bytes:
    """Read anew each time. An embedded installation makes its keys at its first start."""
    given: Secret = getattr(settings.secrets, name)
    if given.get_secret_value():
        return _decoded(given.get_secret_value(), f"secrets.{name}")
    folder = settings.secrets.folder
    if settings.database.embedded and not folder.exists():
        _make_all(folder)
    file = folder / f"{name}.key"
    try:
        if file.stat().st_mode & 0o007:
            raise SettingsError(f"Everybody on this machine can read {file}: run chmod 600 {file}")
        return _decoded(file.read_bytes(), str(file))
    except OSError as error:
        raise SettingsError(
            f"The {name} key cannot be read from {file}: {error.strerror}. "
            f"Put {SIZE} random bytes in base64 there, mode 0600, or set SELDESK_SECRETS__{name.upper()}."
        ) from None


def former_key(settings: Settings, name: Wrapping) -> bytes | None:
    """The one that the key has taken the place of, until all it wrapped is wrapped anew; None where there is none."""
    given: Secret = getattr(settings.secrets, f"former_{name}")
    if given.get_secret_value():
        return _decoded(given.get_secret_value(), f"secrets.former_{name}")
    file = settings.secrets.folder / f"{name}.former.key"
    return _decoded(file.read_bytes(), str(file)) if file.exists() else None


def program(settings: Settings, name: Wrapping) -> list[str] | None:
    """The command that wraps in place of a key in hand: program:/path/to/it and its arguments."""
    given: str = getattr(settings.secrets, name).get_secret_value()
    return shlex.split(given.removeprefix(PROGRAM)) if given.startswith(PROGRAM) else None


def _decoded(text: str | bytes, place: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != SIZE:
        raise SettingsError(f"{place} must hold {SIZE} bytes in base64.")
    return key


def _make_all(folder: Path) -> None:
    """All at once and only where there is none: a key made anew would lock what the lost one had sealed."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix="secrets-"))
    for name in get_args(Name):
        descriptor = os.open(made / f"{name}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(base64.b64encode(secrets.token_bytes(SIZE)).decode() + "\n")
    try:
        made.rename(folder)
    except OSError:
        for file_of_loser in made.iterdir():
            file_of_loser.unlink()
        made.rmdir()
        if not folder.is_dir():
            raise  # else another process was first, and its keys hold
