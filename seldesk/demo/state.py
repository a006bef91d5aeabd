"""What the demo keeps in its state folder beside the databases."""

import fcntl
import json
import os
import shutil
import socket
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self

from seldesk.demo.seed import Person
from seldesk.demo.staff import Member
from seldesk.layers import SettingsError
from seldesk.settings import Settings

ROOM = 300_000_000
# PostgreSQL writes its log in files of 16 MB, and fails where there is no room for the next one.
FULL = 20_000_000
# Says that a folder is a demo's. It stays when all else is forgotten.
MARK = ".demo"
OURS = ("postgres", "stores", "keys", "secrets", "mail_out", "demo.json", "filled.json", "filling", "staff.json")


@dataclass(frozen=True, slots=True)
class Filled:
    """Who can sign in to a filled customer; requester is an address and the link that was mailed to it."""

    slug: str
    mailbox: str
    people: list[Person]
    requester: tuple[str, str]


class State:
    """The state folder, held by one demo at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.home = settings, settings.home
        self._lock = -1

    def __enter__(self) -> Self:
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = os.open(self.home / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(f"Another demo is running in {self.home}: end it, or set SELDESK_HOME.") from None
        except OSError as error:
            raise SettingsError(f"The state folder {self.home} cannot be used: {error.strerror}.") from None
        self._check()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self.home / "demo.json").unlink(missing_ok=True)
        os.close(self._lock)
        # Whatever failed first, and in whose words: this is what can be mended.
        if isinstance(error, Exception) and shutil.disk_usage(self.home).free < FULL:
            raise SettingsError(
                f"There is no space left at {self.home}: make room, and start the demo again."
            ) from error

    def _check(self) -> None:
        """Say now what would fail later in the words of a library; and keep off what is no demo's."""
        made = any((self.home / name).exists() for name in (MARK, "filled.json", "filling"))
        if not made and (self.home / "postgres").exists():
            raise SettingsError(
                f"{self.home} is the state folder of an installation, and no demo's: it gets no people with passwords "
                "that anybody can read. Set SELDESK_HOME to a folder of the demo's own."
            )
        (self.home / MARK).touch()
        if shutil.disk_usage(self.home).free < ROOM:
            raise SettingsError(f"The demo needs 300 MB, and less is free at {self.home}.")
        places = (
            (self.settings.listen, self.settings.port),
            (self.settings.smtp_in.host, self.settings.smtp_in.port),
        )
        for host, port in places:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((host, port))
                except OSError as error:
                    raise SettingsError(
                        f"Port {port} cannot be used ({error.strerror}): choose another by --port."
                    ) from None

    @property
    def interrupted(self) -> bool:
        """An earlier start ended before it had filled everything."""
        return (self.home / "filling").exists()

    def forget(self) -> None:
        for name in OURS:
            path = self.home / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def begin(self) -> None:
        (self.home / "filling").touch()

    def finish(self, filled: list[Filled]) -> None:
        self._write("filled.json", [asdict(one) for one in filled])
        (self.home / "filling").unlink()

    def filled(self) -> list[Filled] | None:
        """None when nothing was filled yet."""
        file = self.home / "filled.json"
        if not file.exists():
            return None
        try:
            return [
                Filled(
                    one["slug"],
                    one["mailbox"],
                    [Person(**person) for person in one["people"]],
                    (one["requester"][0], one["requester"][1]),
                )
                for one in json.loads(file.read_text())
            ]
        except (ValueError, KeyError, TypeError):
            raise SettingsError(f"{file} is damaged: begin anew by --reset.") from None

    def hire(self, member: Member) -> None:
        self._write("staff.json", asdict(member))

    def staff(self) -> Member | None:
        """None when nobody was hired yet."""
        file = self.home / "staff.json"
        try:
            return Member(**json.loads(file.read_text())) if file.exists() else None
        except (ValueError, TypeError):
            raise SettingsError(f"{file} is damaged: begin anew by --reset.") from None

    def tell(
        self, base: str, filled: list[Filled], addresses: dict[str, str], console: str, member: Member
    ) -> dict[str, Any]:
        """Write demo.json, for programs that want to use the demo, and answer what is in it."""
        place = self.settings.smtp_in
        told = {
            "base": base,
            "smtp": {"host": place.host, "port": place.port},
            "mail_out": str(self.settings.smtp_out.folder),
            "console": {"url": console, **asdict(member)},
            "customers": [
                {
                    "slug": one.slug,
                    "url": addresses[one.slug],
                    "mailbox": one.mailbox,
                    "people": [
                        *(asdict(person) for person in one.people),
                        {"role": "requester", "email": one.requester[0], "link": one.requester[1]},
                    ],
                }
                for one in filled
            ],
        }
        self._write("demo.json", told)
        return told

    def _write(self, name: str, content: object) -> None:
        """Whole or not at all, and for nobody else to read."""
        unfinished = self.home / f".{name}"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
        unfinished.rename(self.home / name)
