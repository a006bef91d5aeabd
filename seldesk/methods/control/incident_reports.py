"""Reports of incidents: what a customer may ask for, and what it gets."""

import builtins
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

import rpc
from seldesk.caller import Caller
from seldesk.methods.control.alerts import Found
from seldesk.models import control as models
from seldesk.models.control.incident_report import CHECK

PROGRAMS = (rpc.Kind.JOB,)


@dataclass(frozen=True, slots=True)
class Concerning:
    """An incident that concerned a customer. report is None while nobody has asked; due_at is a day."""

    incident: UUID
    title: str
    severity: str
    state: str
    began_at: datetime
    resolved_at: datetime | None
    report: UUID | None
    due_at: datetime | None
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    step: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """All that a customer is told of an incident: account is the causes and what was changed, in plain text. people is
    how many of its people were written to.
    """

    title: str
    severity: str
    place: str
    components: builtins.list[str]
    began_at: datetime
    resolved_at: datetime | None
    customer: str
    host: str
    people: int
    account: str
    said: builtins.list[Said]
    asked_at: datetime
    written_at: datetime


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def list(caller: Caller, customer: UUID) -> builtins.list[Concerning]:
    """The incidents that concerned it, the newest first."""
    return await models.IncidentReport.of(customer, Concerning)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def ask(caller: Caller, customer: UUID, incident: UUID, asked_by: UUID) -> None:
    """An owner wants it. 404 for an incident that did not concern them."""
    _ = await models.IncidentReport.ask(customer, incident, asked_by)


@rpc.public("work", kinds=PROGRAMS, realm="control", reads=True)
async def read(caller: Caller, customer: UUID, report: UUID) -> Report:
    """What it says, the same each time."""
    return msgspec.convert(await models.IncidentReport.written(customer, report), Report)


@rpc.public("work", kinds=PROGRAMS, realm="control")
async def watch(caller: Caller) -> builtins.list[Found]:
    """Warn of those whose fifth working day has come; answers what is new."""
    return [Found(*one) for one in await models.Alert.report(CHECK, await models.IncidentReport.late())]
