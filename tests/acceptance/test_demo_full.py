"""A disk that is full before the demo has filled its databases."""

from pathlib import Path

import pytest

from tests.acceptance.processes import PATIENCE, environment, free_ports, living, running, until
from tests.resilience.small_disk import small_disk


@pytest.mark.long
def test_no_space_in_the_middle_is_a_sentence(tmp_path: Path) -> None:
    log, (port, _) = tmp_path / "log", free_ports(2)
    with small_disk(tmp_path / "disk", "400m") as disk:
        home = disk.folder / "state"
        with running("demo", "--port", str(port), given=environment(home), log=log) as process:
            until((home / "filling").exists, log)
            disk.fill()
            assert process.wait(PATIENCE * 3) == 1
        said = log.read_text()
        assert f"There is no space left at {home}" in said.replace("\n", " ")
        assert "Traceback" not in said
        assert living(home) == []
