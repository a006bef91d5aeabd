"""What a check has found: an alert that stands until it is found no more."""

from collections.abc import Sequence

import structlog

from rpc import Kind
from seldesk.app.build import Application
from seldesk.methods.control import alerts

log = structlog.get_logger()


async def tell(app: Application, check: str, found: Sequence[alerts.Found]) -> None:
    """An alert stands until the check finds it no more; the log has one line for each that is new."""
    for new in await app.program(Kind.JOB)(alerts.report, check=check, found=[*found[:1000]]):
        log.error("alert", check=check, subject=new.subject, detail=new.detail)
