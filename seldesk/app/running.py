"""The database under the application: the embedded one while it is needed, or the one that is there."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import orm
from seldesk.app.fleet import Cluster
from seldesk.app.installation import cluster, embedded
from seldesk.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class Database:
    """Where the customers are. Of a server that is not ours the superuser is not known."""

    cluster: Cluster
    superuser: orm.Address | None

    @property
    def setup(self) -> orm.Address:
        """Who may set the cluster up."""
        if self.superuser is None:
            raise SettingsError("To prepare a cluster name its superuser: seldesk migrate --superuser postgres")
        return self.superuser


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """An embedded server that this call had to start is stopped at the end; one that ran before runs on."""
    if not settings.database.embedded:
        yield Database(cluster(settings), None)
        return
    server = embedded(settings)
    ran_before = server.running()
    started = server.start()
    try:
        yield Database(cluster(settings, started.superuser.host, started.superuser.port), started.superuser)
    finally:
        if not ran_before:
            server.stop()


@contextmanager
def child(command: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Another `seldesk` process that ends with this block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "seldesk", command], env={**os.environ, **environment}, start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
