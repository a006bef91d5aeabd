"""What is found while somebody types."""

from contextlib import suppress
from dataclasses import dataclass

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk.shapes.people import Contact
from seldesk.models import desk as models

MOST = 8


@dataclass(frozen=True, slots=True)
class TicketFound:
    number: int
    subject: str
    status: str
    requester: str


@dataclass(frozen=True, slots=True)
class Found:
    """Up to 8 of each kind."""

    tickets: list[TicketFound]
    people: list[Contact]


@rpc.public("tickets.read", kinds=(rpc.Kind.PERSON, rpc.Kind.TOKEN), reads=True)
async def find(caller: Caller, query: str) -> Found:
    """Tickets as tickets.search finds them, and people whose name, last name or address begins so."""
    people = await models.contact.begun(caller, query, Contact, MOST)
    found: list[models.finding.Found] = []
    # Half a word, such as `status:`, finds nothing yet.
    with suppress(rpc.Invalid):
        criteria = models.Criteria.read(caller, query)
        found, _ = await models.finding.tickets(caller, criteria, None, MOST)
    tickets = [TicketFound(one.number, one.subject, one.status, one.requester) for one in found[:MOST]]
    return Found(tickets, people)
