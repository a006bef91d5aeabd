"""What checks have found and a person must look at."""

import builtins
from dataclasses import dataclass
from datetime import datetime

import rpc
from seldesk.caller import Caller
from seldesk.models import control as models


@dataclass(frozen=True, slots=True)
class Found:
    """subject is what it is about, a database say; detail what is wrong with it."""

    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class AlertRow:
    check: str
    subject: str
    detail: str
    since: datetime


@rpc.public("work", kinds=(rpc.Kind.JOB,), realm="control")
async def report(caller: Caller, check: rpc.Line, found: builtins.list[Found]) -> builtins.list[Found]:
    """All that this check has found just now: what it found before and not now is over. Answers what is new."""
    new = await models.Alert.report(check, [(one.subject, one.detail) for one in found])
    return [Found(*one) for one in new]


@rpc.public("operate", kinds=(rpc.Kind.COMMAND,), realm="control", reads=True)
async def list(caller: Caller) -> builtins.list[AlertRow]:
    """All that stands, oldest first."""
    alert = models.Alert
    columns = {"check": alert.check, "subject": alert.subject, "detail": alert.detail, "since": alert.since}
    return await alert.query().order_by(alert.since).limit(1000).into(AlertRow, **columns)
