"""The console has words for whatever the operator's programs can do."""

from typing import get_args

from seldesk.jobs import checking, keeping
from seldesk.jobs.schedule import PROVISIONERS, TIMES
from seldesk.methods.control import accesses, copies, coverage, figures, operator_log
from seldesk.methods.control.leases import Operation
from seldesk.web import console_words


def test_every_job_operation_and_check_has_a_sentence() -> None:
    assert set(console_words.JOBS) == {*TIMES, *PROVISIONERS}
    assert set(console_words.OPERATIONS) == set(get_args(Operation))
    checks = {
        operator_log.CHECK,
        checking.CHECK,
        keeping.CHECK,
        copies.CHECK,
        coverage.CHECK,
        accesses.CHECK,
        figures.CHECK,
    }
    assert checks <= set(console_words.CHECKS)
