"""The one owner whom the operator writes to: about incidents, and when this helpdesk itself is what is down."""

from dataclasses import dataclass
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.methods.control import contacts
from seldesk.methods.control.contacts import Contact
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.models.password import Password
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)


@dataclass(frozen=True, slots=True)
class Choice:
    """An owner who can be chosen."""

    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ContactPage:
    """now is who it is; "" in both where nobody was named."""

    panel: Panel
    now: Contact
    owners: list[Choice]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Without done the password was not right; wait is in seconds, 0 for no wait."""

    done: bool
    wait: int = 0


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller) -> ContactPage:
    """All that the page shows."""
    around = surroundings()
    now = await around.operator(contacts.read, customer=around.customer.id)
    return ContactPage(panel(caller), now, await models.Member.owners(Choice))


@rpc.public("settings", kinds=PEOPLE)
async def choose(caller: Caller, person: UUID, password: Password) -> Chosen:
    """Name another owner. A refusal of the password is an answer, so that it stays counted."""
    chosen = next((one for one in await models.Member.owners(Choice) if one.id == person), None)
    if chosen is None:
        raise rpc.NotFound("Choose one of the owners.")
    right, wait = await models.proof.own_password(caller, password)
    if not right:
        return Chosen(done=False, wait=wait)
    around = surroundings()
    await around.operator(contacts.name, customer=around.customer.id, name=chosen.name, email=chosen.email)
    return Chosen(done=True)
