"""S3 servers for tests."""

import logging
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

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


def address(port: int, prefix: str) -> str:
    """As it stands in the settings."""
    return f"s3://{BUCKET}/{prefix}?endpoint=http://127.0.0.1:{port}&region=us-east-1"
