"""`seldesk backup` as an operator has it; copies of much, and in S3."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from rpc import Kind
from seldesk.app.copying import Copier
from seldesk.methods.control import copies
from tests.acceptance.killable import place, process
from tests.acceptance.processes import run
from tests.app.copies import at, copy, listed
from tests.faults import another, superuser, until
from tests.storage.s3 import address, make_bucket, moto, seaweed
from tests.world import World, mail

MUCH = 300  # MB
MEGABYTE = 1024  # of the kilobytes that the kernel tells


async def answers(port: int) -> bool:
    try:
        await asyncio.to_thread(make_bucket, port)
    except OSError:
        return False
    return True


async def in_both(world: World, *stores: str) -> None:
    """A copy of more than one part, made and read again."""
    await fill(world, 20)
    async with another(world, **at(*stores)) as acme:
        await acme.mail(mail(files={"plan.txt": b"plan"}))
        (row,) = await copy(acme.app)
        assert (row.error, row.replicas) == ("", 2)
        assert row.size > 10_000_000
        copier = Copier(acme.app)
        assert [one.fault for one in await copier.verify("acme", row.id)] == ["", ""]
        await copier.archive.delete(acme.id, row.id)
        assert [found async for found in copier.archive.manifests()] == []


async def fill(world: World, megabytes: int) -> None:
    """Into a table of Acme's, with what compresses little."""
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS app.filling (noise text)")
        owner = f"own_{world.acme.database}"
        await connection.execute(f"ALTER TABLE app.filling OWNER TO {owner}")
        await connection.execute(f"GRANT SELECT ON app.filling TO read_{world.acme.database}")
        await connection.execute(
            "INSERT INTO app.filling SELECT string_agg(sha512((n || '.' || m || random())::text::bytea)::text, '')"
            " FROM generate_series(1, $1::int) n, generate_series(1, 8000) m GROUP BY n, m % 8",
            megabytes,
        )


@pytest.fixture
async def filled(world: World) -> AsyncIterator[World]:
    yield world
    async with superuser(world.server, world.acme.database) as connection:
        await connection.execute("DROP TABLE IF EXISTS app.filling")


@pytest.mark.long
async def test_copies_lie_in_s3(filled: World) -> None:
    with moto() as port:
        await in_both(filled, address(port, "a"), address(port, "b"))


@pytest.mark.long
async def test_copies_lie_in_another_s3(filled: World, tmp_path: Path) -> None:
    with seaweed(tmp_path) as port:
        await until(partial(answers, port), 60)
        await in_both(filled, address(port, "a"), address(port, "b"))


def peaks(process_id: int) -> dict[str, int]:
    """The most memory, in kB, that this process and each of those below it has held, by command and number."""
    parents, found = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if "VmHWM" in told:
            number = int(told["Pid"])
            parents[number] = int(told["PPid"])
            found[number] = f"{command.decode().replace(chr(0), ' ')}{number}", int(told["VmHWM"].split()[0])
    below = {process_id}
    while more := {number for number, parent in parents.items() if parent in below} - below:
        below |= more
    return dict(size for number, size in found.items() if number in below)


@asynccontextmanager
async def watched(process_id: int) -> AsyncIterator[dict[str, int]]:
    seen: dict[str, int] = {}

    async def watch() -> None:
        while True:
            for command, size in (await asyncio.to_thread(peaks, process_id)).items():
                seen[command] = max(size, seen.get(command, 0))
            await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch())
    try:
        yield seen
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


@pytest.mark.long
async def test_what_seals_holds_little_whatever_the_size(filled: World, tmp_path: Path) -> None:
    command, given = filled.app.program(Kind.COMMAND), {"SELDESK_BACKUPS__AT_ONCE": "1"}

    async def copied(times: int) -> bool:
        return len([row for row in await listed(filled.app) if row.verified_at]) == times

    async with process(filled, "provision", tmp_path, **given) as maker:
        await maker.start()
        await until(partial(copied, 1), 120)
        assert maker.number is not None
        before = peaks(maker.number)
        own = next(iter(command for command in before if " provision" in command))
        await fill(filled, MUCH)
        async with watched(maker.number) as seen:
            await command(copies.ask, slug="acme")
            await until(partial(copied, 2), 300)
    row = (await listed(filled.app))[0]
    assert row.size > MUCH * 1_000_000 / 2
    sealing = {name: size for name, size in seen.items() if "sealer.py" in name}
    # The program itself, and what it forked to seal and to open.
    assert len(sealing) == 3
    assert max(sealing.values()) < 100 * MEGABYTE, sealing
    assert seen[own] - before[own] < 60 * MEGABYTE


@pytest.mark.long
async def test_an_operator_makes_lists_and_verifies_copies(world: World, tmp_path: Path) -> None:
    given = place(world, SELDESK_BACKUPS__AT_ONCE="1")

    async def backup(*arguments: str) -> subprocess.CompletedProcess[str]:
        return await asyncio.to_thread(run, "backup", *arguments, given=given)

    async with process(world, "provision", tmp_path, SELDESK_BACKUPS__AT_ONCE="1") as maker:
        await maker.start()
        await until(lambda: _all_idle(world), 60)
        for arguments in (("now", "acme"), ("now",)):
            made = await backup(*arguments)
            assert made.returncode == 0, made.stderr
            assert "read back and decoded" in made.stderr
        assert await maker.stop() == 0
    assert "acme" in (await backup("list")).stdout
    assert "good" in (await backup("list", "acme")).stdout
    verified = await backup("verify", "acme")
    assert verified.returncode == 0, verified.stderr
    row = next(row for row in await listed(world.app) if row.verified_at)
    sealed = Path(world.app.settings.stores[1]) / "copies" / str(world.acme.id) / f"{row.id}.age"
    content = bytearray(sealed.read_bytes())
    content[len(content) // 2] ^= 1
    sealed.write_bytes(content)
    verified = await backup("verify", "acme", "--copy", str(row.id))
    assert verified.returncode == 1
    assert "changed or cut" in " ".join(verified.stdout.split())


async def _all_idle(world: World) -> bool:
    """The scheduled copies of a new installation are made."""
    done = [await listed(world.app, slug) for slug in ("acme", "")]
    return all(rows and rows[0].verified_at for rows in done)
