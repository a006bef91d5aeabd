"""The worker dies while an incident is told: nobody is left out, and a mail that came twice is marked as such."""

from pathlib import Path

import pytest

from tests.acceptance.incident_killing import told_while_killed
from tests.world import World


@pytest.mark.long
@pytest.mark.fault(20)
async def test_everybody_is_told_once_and_a_repeat_is_the_same_mail_and_marked(world: World, tmp_path: Path) -> None:
    found = await told_while_killed(world, tmp_path, recipients=40, kills=2)
    assert (found["incident_missing"], found["incident_double"]) == (0, 0)
    assert found["incident_repeated"] == 1
    # The one that was killed before its content came was handed over again too: nobody can know that it had not left.
    assert await world.control_rows("SELECT sum(repeats) FROM control.incident_deliveries") == ["2"]
