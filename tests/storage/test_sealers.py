"""The program that seals stays, holds little, and nothing of one job is in the next."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyrage import x25519

from seldesk.storage.sealer import MEMORY
from seldesk.storage.sealers import Program, Told, told
from tests.faults import until

RECIPIENT = str(x25519.Identity.generate().to_public())


@pytest.fixture
def program() -> Iterator[Program]:
    one = Program()
    yield one
    one.close()


async def sealed(program: Program, content: bytes, to: str = RECIPIENT) -> Told | None:
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    with Path("/dev/null").open("wb") as nowhere:
        telling = program.begin(f"seal {to}", reading, nowhere.fileno())
    os.close(reading)
    with telling:
        return await told(telling)


def number(program: Program) -> int:
    assert program.process is not None
    return program.process.pid


def jobs(process: int) -> str:
    return Path(f"/proc/{process}/task/{process}/children").read_text()


async def test_one_program_does_all_jobs_and_the_system_bounds_what_it_holds(program: Program) -> None:
    first = await sealed(program, b"one")
    process = number(program)
    second = await sealed(program, b"one")
    assert first is not None
    assert second is not None
    assert (first.came, second.came, number(program)) == (3, 3, process)
    assert first.sha256 != second.sha256
    assert Path(f"/proc/{process}/environ").read_bytes() == b""
    limits = Path(f"/proc/{process}/limits").read_text().splitlines()
    (bound,) = [line.split()[3] for line in limits if line.startswith("Max data size")]
    assert int(bound) == MEMORY < 100_000_000


async def test_what_fails_is_told_and_the_next_job_is_done(program: Program) -> None:
    failed = await sealed(program, b"one", to="nobody")
    assert failed is not None
    assert failed.fault == "failed"
    assert (await sealed(program, b"one")) is not None


async def test_one_that_was_killed_is_started_again(program: Program) -> None:
    await sealed(program, b"one")
    killed = number(program)
    assert program.process is not None
    program.process.kill()
    program.process.wait()
    assert (await sealed(program, b"one")) is not None
    assert number(program) != killed


async def test_a_job_of_which_nobody_waits_for_the_end_ends_with_its_files(program: Program) -> None:
    inlet, source = socket.socketpair()
    with inlet, source, program.begin(f"seal {RECIPIENT}", source.fileno(), source.fileno()):
        await until(lambda: _has(program, True), 5)
    await until(lambda: _has(program, False), 5)


async def _has(program: Program, some: bool) -> bool:
    await asyncio.sleep(0)
    return bool(jobs(number(program))) is some
