"""A port that another program has is a sentence, whichever process wants it."""

import socket
from collections.abc import Iterator

import pytest

from tests.acceptance.killable import place
from tests.acceptance.processes import run
from tests.world import World


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.mark.parametrize(("command", "setting"), [("mail", "SELDESK_SMTP_IN__PORT"), ("web", "SELDESK_PORT")])
async def test_a_port_in_use_is_a_sentence(world: World, taken: str, command: str, setting: str) -> None:
    module = "seldesk.app.web" if command == "web" else "seldesk"
    ended = run(*([] if command == "web" else [command]), given=place(world, **{setting: taken}), module=module)
    assert ended.returncode == 1
    assert f"Failed: Port {taken} of 127.0.0.1 cannot be used (Address already in use)" in ended.stderr
    assert "Traceback" not in ended.stderr
