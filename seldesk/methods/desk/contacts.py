"""People, as agents look them up."""

from dataclasses import dataclass, field
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.desk import pages
from seldesk.methods.desk.shapes.desk import Desk, Tickets
from seldesk.methods.desk.shapes.people import Contact
from seldesk.models import desk as models


@dataclass(frozen=True, slots=True)
class OrganisationName:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ContactPage:
    """A person and what they asked, with the organisations in which they could be placed."""

    desk: Desk
    contact: Contact
    tickets: Tickets
    organisations: list[OrganisationName] = field(default_factory=list)


@rpc.public("tickets.read", kinds=(rpc.Kind.PERSON,), reads=True)
async def page(caller: Caller, person: UUID, cursor: str | None = None) -> ContactPage:
    """All that the page of a person shows. Who is limited finds those whose tickets they see, and places nobody."""
    contact = await models.contact.shown(caller, person, Contact)
    asked = models.Selection(view="all", person=person)
    return ContactPage(
        await pages.desk(caller),
        contact,
        await pages.tickets(caller, asked, cursor, 25),
        [] if caller.role == "limited" else await models.Organisation.names(OrganisationName),
    )


@rpc.public("tickets.write", kinds=(rpc.Kind.PERSON, rpc.Kind.TOKEN))
async def place(caller: Caller, person: UUID, organisation: UUID | None) -> None:
    """Say to which organisation a requester belongs, null for none, whatever the mail domain says.

    Where it shares its tickets they see all of them from now on: who is limited may not decide that.
    """
    if caller.role == "limited":
        raise rpc.Forbidden("Whose tickets somebody sees is for agents to say who see all tickets.")
    await models.Organisation.place(await models.Person.query().lock().get(person), organisation)


@rpc.public("tickets.write", kinds=(rpc.Kind.PERSON, rpc.Kind.TOKEN))
async def rename(caller: Caller, person: UUID, name: rpc.Line) -> None:
    """Correct the name of a requester. Who works here has one of their own choice."""
    found = await models.contact.seen_by(caller).where(models.Person.id == person).lock().one()
    if found.role != "requester":
        raise rpc.Forbidden("Who works here is named in their own profile, or by an owner.")
    found.rename(name)
