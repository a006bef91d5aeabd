"""Whichever way a demo ends, nothing of it stays alive for long, and the next one is whole."""

import signal
import sys
from pathlib import Path

import pytest

from tests.acceptance.processes import PATIENCE, environment, free_ports, living, running, until
from tests.acceptance.test_demo import until_told

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="which processes live is read from /proc"),
]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("moment", ["postgres/data", "filling"])
def test_a_demo_that_is_told_to_end_before_it_serves_leaves_no_process(
    tmp_path: Path, moment: str, sign: signal.Signals
) -> None:
    home, log = tmp_path / "state", tmp_path / "log"
    port, _ = free_ports(2)
    with running("demo", "--port", str(port), given=environment(home), log=log) as process:
        until((home / moment).exists, log)
        assert living(home)
        process.send_signal(sign)
        assert process.wait(PATIENCE) == 130
        assert living(home) == []


def test_what_a_killed_demo_left_is_ended_by_the_next_one(tmp_path: Path) -> None:
    home, log = tmp_path / "state", tmp_path / "log"
    port, _ = free_ports(2)
    arguments, given = ("demo", "--port", str(port)), environment(home)

    def only_the_server() -> bool:
        return not any("seldesk provision" in command for command in living(home))

    with running(*arguments, given=given, log=log) as process:
        until((home / "filling").exists, log)
        process.kill()
        until(only_the_server, log)
        assert living(home)
    with running(*arguments, given=given, log=log) as process:
        first = until_told(home)
        process.kill()
        until(only_the_server, log)
        (home / "demo.json").unlink()
    with running(*arguments, given=given, log=log):
        assert until_told(home) == first
    assert living(home) == []
    with running(*arguments, "--reset", given=given, log=log):
        anew = until_told(home)
    assert living(home) == []
    assert [one["slug"] for one in anew["customers"]] == [one["slug"] for one in first["customers"]]
    passwords = [[one["people"][0]["password"] for one in told["customers"]] for told in (first, anew)]
    assert not set(passwords[0]) & set(passwords[1])
