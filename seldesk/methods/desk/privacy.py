"""What is known of one person: owners close an account, take that back, and have it erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import rpc
from seldesk.caller import Caller
from seldesk.errors import NotLikeThis
from seldesk.methods.control import contacts, endings, leaving_people
from seldesk.methods.desk.panels import Panel, panel
from seldesk.models import desk as models
from seldesk.models.password import Password
from seldesk.surroundings import surroundings

PEOPLE = (rpc.Kind.PERSON,)


@dataclass(frozen=True, slots=True)
class Concerned:
    """state: here, disabled, left (back until erase_at), erasing (no more), erased. enrolled: has a second factor."""

    id: UUID
    name: str
    email: str
    role: str
    state: Literal["here", "disabled", "left", "erasing", "erased"]
    left_at: datetime | None
    erase_at: datetime | None
    tickets: int
    messages: int
    enrolled: bool = False


@dataclass(frozen=True, slots=True)
class PrivacyPage:
    """clean_up is when somebody who left now would be erased."""

    panel: Panel
    person: Concerned
    clean_up: datetime


@dataclass(frozen=True, slots=True)
class Erasing:
    """Whether it has begun. Without that the password was not right; wait is in seconds, 0 for no wait."""

    begun: bool
    wait: int = 0


@rpc.public("settings", kinds=PEOPLE, reads=True)
async def page(caller: Caller, person: UUID) -> PrivacyPage:
    """All that the page about a person's data shows."""
    shown = await models.privacy.shown(person, Concerned)
    return PrivacyPage(panel(caller), shown, endings.next_clean_up(surroundings().now))


@rpc.public("settings", kinds=PEOPLE)
async def close(caller: Caller, person: UUID) -> datetime:
    """Close somebody's account: all sessions, tokens and links end at once. Answers when what is known of them is
    erased: until then it can be taken back.
    """
    await _no_contact(person)
    erase_at = endings.next_clean_up(surroundings().now)
    await models.Departure.begin(person, erase_at)
    await _note(person, erase_at)
    return erase_at


@rpc.public("settings", kinds=PEOPLE)
async def take_back(caller: Caller, person: UUID) -> None:
    """Open a closed account again, with the password it had."""
    await models.Departure.take_back(person)
    around = surroundings()
    await around.operator(leaving_people.returned, customer=around.customer.id, person=person)


@rpc.public("settings", kinds=PEOPLE)
async def erase(caller: Caller, person: UUID, password: Password, name: rpc.Line) -> Erasing:
    """Erase what is known of somebody, at once and for good. A refusal of the password is an answer, so that it stays
    counted.
    """
    if name.strip() != (await models.Person.get(person)).name:
        raise rpc.Invalid(fields={"name": "Type the name as it stands here."})
    await _no_contact(person)
    right, wait = await models.proof.own_password(caller, password)
    if not right:
        return Erasing(begun=False, wait=wait)
    await _leaves(person, surroundings().now)
    return Erasing(begun=True)


@rpc.public("work", kinds=(rpc.Kind.JOB,))
async def order(
    caller: Caller,
    email: rpc.Line,
    name: rpc.Line,
    erase_at: datetime,
    reason: rpc.Line,
    reference: rpc.Line,
    by: str = "",
) -> UUID:
    """The operator has somebody erased where nobody here does: closed at once, erased from then on. Why, and under
    which reference it was asked for, stands in the audit, with the name of who of the operator's staff did it.
    """
    person = await models.Person.by_email(email)
    if name.strip() != person.name:
        raise rpc.Invalid(fields={"name": "Another name stands there."})
    await _no_contact(person.id)
    surroundings().trail.knowing(reason=reason, reference=reference, **({"by": by} if by else {}))
    await _leaves(person.id, erase_at)
    return person.id


async def _leaves(person: UUID, erase_at: datetime) -> None:
    await models.Departure.begin(person, erase_at)
    # Where the day has come already there is no way back from here.
    await models.Departure.due(person)
    await _note(person, erase_at)


async def _no_contact(person: UUID) -> None:
    """What the control database knows of them would stay there."""
    around = surroundings()
    contact = await around.operator(contacts.read, customer=around.customer.id)
    if contact.email and contact.email == (await models.Person.get(person)).email:
        raise NotLikeThis("They are whom the operator writes to. Choose another owner at Data & account first.")


async def _note(person: UUID, erase_at: datetime) -> None:
    """Before the commit: who dies in between leaves a question too many, never one too few."""
    around = surroundings()
    await around.operator(leaving_people.note, customer=around.customer.id, person=person, erase_at=erase_at)
