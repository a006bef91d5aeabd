import errno
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orm.address import Address

from . import process
from .access import access_rules
from .account import Account, account, reachable
from .binaries import MAJOR, binaries
from .errors import EmbeddedError

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_preload_libraries": "pg_stat_statements",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and their parameters hold what customers wrote, and at set-up verifiers of passwords.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_STARTING = 60.0  # seconds; recovery after a crash may take a while
_STOPPING = 30.0
_LOG_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL; `programs` is the folder of pg_dump and its siblings."""

    pid: int
    superuser: Address
    programs: Path


class Embedded:
    """A PostgreSQL 18 whose files lie in `root`; port 0 takes a free one at each start.

    Calls block. `settings` are PostgreSQL's own and win over the defaults; `same_user` see access_rules.
    Errors are EmbeddedError.
    """

    def __init__(
        self,
        root: Path,
        *,
        port: int = 0,
        max_connections: int = 200,
        settings: Mapping[str, str] | None = None,
        same_user: bool = True,
        programs: Path | None = None,
        run_as: Account | None = None,
    ) -> None:
        self._root = root.absolute()
        self._data = self._root / "data"
        self._log = self._root / "postgres.log"
        self._port = port
        self._settings = {**_SETTINGS, "max_connections": str(max_connections), **(settings or {})}
        self._same_user = same_user
        self._chosen = programs
        self._account = run_as or account()
        # Variables such as PGPORT would change what the programs do.
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}

    def start(self) -> Server:
        """The running server: started, or adopted if one outlived its program. Safe to call at the same
        time from several processes."""
        with self._explained():
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._account.own(self._root)
            with self._lock():
                programs = reachable(binaries(self._chosen), self._root, self._account)
                self._initialise(programs)
                self._write_access()
                return self._adopted(programs) or self._launched(programs)

    def running(self) -> bool:
        """Whether a server of this folder runs already."""
        return process.find(self._data) is not None

    def stop(self) -> None:
        """Ends all sessions and stops; one that does not stop in time is ended as after a crash."""
        if not self._data.exists():
            return
        with self._explained(), self._lock():
            for number, patience in ((signal.SIGINT, _STOPPING), (signal.SIGQUIT, 10.0)):
                if process.end(self._data, number, patience):
                    return
        raise EmbeddedError(f"The PostgreSQL in {self._data} does not stop.")

    def allow(self, *, same_user: bool) -> None:
        """Change who may try to sign in; holds for new connections a moment later."""
        self._same_user = same_user
        self._write_access()

    def _initialise(self, programs: Path) -> None:
        if self._data.exists():
            made = (self._data / "PG_VERSION").read_text().strip()
            if made != str(MAJOR):
                raise EmbeddedError(
                    f"The state folder {self._data} was made by PostgreSQL {made}; dump it with that version "
                    f"and restore it into an empty one, as PostgreSQL {MAJOR} cannot open it."
                )
            return
        secret = self._root / "superuser.password"
        secret.unlink(missing_ok=True)
        secret.touch(0o600, exist_ok=False)
        secret.write_text(secrets.token_urlsafe(32))
        self._account.own(secret)
        # Renamed when whole: an interrupted initdb leaves a folder that looks finished.
        half = self._root / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        command = [*self._account.prefix, f"{programs}/initdb", f"--pgdata={half}", f"--pwfile={secret}"]
        command += ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self._settings.get("fsync") == "off":
            command.append("--no-sync")
        done = subprocess.run(command, capture_output=True, text=True, env=self._environment, **self._account.options)
        if done.returncode:
            raise self._error(done.stderr)
        half.rename(self._data)

    def _write_access(self) -> None:
        path = self._data / "pg_hba.conf"
        new = path.with_suffix(".new")
        new.write_text(access_rules(same_user=self._same_user))
        self._account.own(new)
        new.replace(path)
        if found := process.find(self._data):
            os.kill(found.pid, signal.SIGHUP)

    def _adopted(self, programs: Path) -> Server | None:
        end = time.monotonic() + _STARTING
        while (found := process.find(self._data)) and time.monotonic() < end:
            if found.ready:
                return Server(found.pid, self._superuser(found.port), programs)
            time.sleep(0.02)
        return None

    def _launched(self, programs: Path) -> Server:
        said = ""
        process.clear(self._data)
        for _ in range(5):
            port = self._port or _free_port()
            begin = self._open_log()
            found = self._launch(programs, port)
            if found is not None:
                return Server(found.pid, self._superuser(found.port), programs)
            said = self._log.read_bytes()[begin:].decode(errors="replace")
            # Another program took the port we found free; or children of a killed server still end.
            if not (_port_taken(said) and not self._port) and "shared memory" not in said:
                break
            time.sleep(0.1)
        raise self._error(said)

    def _launch(self, programs: Path, port: int) -> process.Process | None:
        command = [f"{programs}/postgres", "-D", str(self._data), "-p", str(port)]
        command += [part for key, value in self._settings.items() for part in ("-c", f"{key}={value}")]
        pid = process.launch(self._data, command, self._log, self._environment, self._account)
        until = time.monotonic() + _STARTING
        while not process.has_failed(self._data):
            if (found := process.find(self._data)) and found.ready and found.pid == pid:
                return found
            if time.monotonic() > until:
                process.end(self._data, signal.SIGQUIT, 10.0)
                raise EmbeddedError(f"PostgreSQL was not ready in time; see {self._log}.")
            time.sleep(0.02)
        return None

    def _superuser(self, port: int) -> Address:
        password = (self._root / "superuser.password").read_text()
        return Address("127.0.0.1", port, "postgres", "postgres", password)

    def _open_log(self) -> int:
        if self._log.exists() and self._log.stat().st_size > _LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.old"))
        self._log.touch(0o600)
        return self._log.stat().st_size

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self._root / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._error(os.strerror(error.errno) if error.errno else str(error)) from error

    def _error(self, said: str) -> EmbeddedError:
        if _port_taken(said):
            return EmbeddedError(f"The port {self._port} is in use by another program.")
        if os.strerror(errno.ENOSPC) in said:
            return EmbeddedError(f"There is no space left on the disk of {self._root}.")
        if any(os.strerror(code) in said for code in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)):
            return EmbeddedError(f"The state folder {self._root} cannot be written to.")
        return EmbeddedError(f"PostgreSQL does not start in {self._root}: {said.strip()[-2000:]}")


def _port_taken(said: str) -> bool:
    return "Address already in use" in said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
