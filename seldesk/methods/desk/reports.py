"""Incidents that concerned this helpdesk, and the reports of them, for its owners."""

from dataclasses import dataclass
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import incident_reports as control
from seldesk.methods.control.incident_reports import Concerning, Report
from seldesk.methods.desk.panels import Panel, panel
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    panel: Panel
    incidents: list[Concerning]


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> IncidentsPage:
    """All that the page about incidents shows, the newest first."""
    around = surroundings()
    return IncidentsPage(panel(caller), await around.operator(control.list, customer=around.customer.id))


@rpc.public("settings", kinds=PEOPLE)
async def ask(caller: Caller, incident: UUID) -> None:
    """Ask for the report: it is there within seven working days. Conflict when it was asked for before."""
    around = surroundings()
    await around.operator(control.ask, customer=around.customer.id, incident=incident, asked_by=caller.id)


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def read(caller: Caller, report: UUID) -> Report:
    """All that it says."""
    around = surroundings()
    return await around.operator(control.read, customer=around.customer.id, report=report)
