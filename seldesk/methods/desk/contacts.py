"""People, as agents look them up."""

from dataclasses import dataclass
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk import pages
from seldesk.methods.desk.shapes import Contact, Desk, Tickets
from seldesk.models import desk as models


@dataclass(frozen=True, slots=True)
class ContactPage:
    """A person and what they asked."""

    desk: Desk
    contact: Contact
    tickets: Tickets


@rpc.public("tickets.read", kinds=(rpc.Kind.PERSON,), reads=True)
async def page(caller: Caller, person: UUID, cursor: str | None = None) -> ContactPage:
    """All that the page of a person shows. Who is limited finds only those whose tickets they see."""
    contact = await models.contact.shown(caller, person, Contact)
    asked = models.Selection(view="all", person=person)
    return ContactPage(await pages.desk(caller), contact, await pages.tickets(caller, asked, cursor, 25))
