import asyncio
import hashlib
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from orm.address import Address
from orm.embedded import Embedded
from orm.migrate import Revisions
from orm.provision import (
    BACKUP,
    CONTROL,
    PROVISIONER,
    ClusterPasswords,
    Names,
    Provisioner,
    create_control,
    create_templates,
    prepare_cluster,
)
from orm.provision.connection import connect
from orm.provision.scram import verifier
from orm.provision.sql import identifier, literal

_REMOVED = 600.0  # seconds for its files: a thousand databases have 600,000 of them
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server prepared for customers."""

    superuser: Address
    provisioner: Provisioner

    def address(self, role: str, database: str = "postgres") -> Address:
        """For signing in as any of the roles that are made here."""
        return replace(self.superuser, role=role, database=database, password=password_of(role))

    def customer(self, database: str) -> Address:
        return self.address(Names(database).login, database)

    def reader(self, database: str) -> Address:
        return self.address(Names(database).reader, database)

    @property
    def control(self) -> Address:
        return self.address(CONTROL, CONTROL)

    @property
    def backup(self) -> Address:
        """Who makes the copies; takes another database by dataclasses.replace."""
        return self.address(BACKUP, CONTROL)


class Server:
    """A PostgreSQL in a temporary folder, for one run of the tests; a context manager.

    A process of its own ends it and removes the folder even if the tests are killed. `within` is where the folder is
    made, a disk that can be filled, say.
    """

    def __init__(
        self, *, settings: Mapping[str, str] | None = None, same_user: bool = True, within: Path | None = None
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="orm-test-", dir=within))
        self._embedded = Embedded(self._folder, settings={**_FAST, **(settings or {})}, same_user=same_user)

    def __enter__(self) -> Self:
        self._guard = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__).with_name("guard.py")), str(self._folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            started = self._embedded.start()
        except BaseException:
            self._guard.communicate(timeout=30)
            raise
        self.superuser: Address = started.superuser
        self.programs: Path = started.programs
        self.log: Path = self._folder / "postgres.log"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._embedded.stop()
        finally:
            self._guard.communicate(timeout=_REMOVED)

    async def database(self) -> Address:
        """A fresh, empty database and the role that owns it."""
        name, password = f"c_{secrets.token_hex(6)}", secrets.token_urlsafe(24)
        async with connect(self.superuser) as connection:
            quoted = identifier(name)
            await connection.execute(f"CREATE ROLE {quoted} LOGIN PASSWORD {literal(verifier(password))}")
            await connection.execute(f"CREATE DATABASE {quoted} TEMPLATE template0 OWNER {quoted}")
            await connection.execute(f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC")
        return replace(self.superuser, database=name, role=name, password=password)

    async def drop(self, address: Address) -> None:
        async with connect(self.superuser) as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {identifier(address.database)} WITH (FORCE)")
            await connection.execute(f"DROP ROLE IF EXISTS {identifier(address.role)}")

    async def prepare(self, desk: Revisions, control: Revisions) -> Cluster:
        """Roles, templates and control database, as on a cluster with customers; quick when repeated."""
        passwords = ClusterPasswords(*map(password_of, (PROVISIONER, CONTROL, BACKUP)))
        await prepare_cluster(self.superuser, passwords)
        await create_control(self.superuser, control)
        await create_templates(self.superuser, desk)
        address = replace(self.superuser, role=PROVISIONER, password=password_of(PROVISIONER))
        return Cluster(self.superuser, Provisioner(address, password_of))

    async def allow(self, *, same_user: bool) -> None:
        """See Embedded.allow; returns when it holds."""
        async with connect(self.superuser) as connection:
            before = await connection.fetchval("SELECT pg_conf_load_time()")
        self._embedded.allow(same_user=same_user)
        async with asyncio.timeout(10):
            while True:
                async with connect(self.superuser) as connection:
                    if await connection.fetchval("SELECT pg_conf_load_time()") != before:
                        return


def password_of(role: str) -> str:
    """The password of a role on a server of the tests."""
    return hashlib.sha256(b"tests:" + role.encode()).hexdigest()
