"""What is known of a person goes. What stays says that somebody was there, and not who.

Their tickets are about them, so all that stands in these goes: what they wrote, what was answered and noted, files, and
the mails as they came. In the tickets of others goes what they wrote as one who asks, and where their address stands.
What they wrote as one who works here belongs to those whom they answered, and stays without their name.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

import orm
from seldesk.models.desk.attachment import Attachment
from seldesk.models.desk.audit import AuditEntry, AuditFacts
from seldesk.models.desk.bulk import Bulk
from seldesk.models.desk.departure import Departure
from seldesk.models.desk.device import Device
from seldesk.models.desk.draft import Draft, DraftFile
from seldesk.models.desk.entry import Entry
from seldesk.models.desk.event_words import EventWords
from seldesk.models.desk.factor import Factor, RecoveryCode
from seldesk.models.desk.follower import Follower
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.mail import Mail
from seldesk.models.desk.mailed_link import MailedLink
from seldesk.models.desk.message import Message
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.password import Verifier
from seldesk.models.desk.person import Person
from seldesk.models.desk.retelling import retell
from seldesk.models.desk.saved_view import SavedView
from seldesk.models.desk.searchable import Searchable
from seldesk.models.desk.seen import Seen
from seldesk.models.desk.session import Session
from seldesk.models.desk.sign_in import SignIn
from seldesk.models.desk.team import Membership
from seldesk.models.desk.ticket import Ticket
from seldesk.models.desk.token import Token
from seldesk.surroundings import surroundings

NAME, WORDS = "Erased person", "This was erased."
AT_ONCE = 100  # messages or mails of one transaction
# What stands beside an address and never in one.
APART = '"<>()[]{},;:|\\ \t\n\r'
WAYS_IN = (Session, Entry, Token, Verifier, Factor, RecoveryCode, Device, SignIn, Invitation, MailedLink)
THEIRS = (*WAYS_IN, Seen, Follower, Membership, Bulk)


class _Stored(Protocol):
    object_id: Any


async def erase(person: UUID) -> bool:
    """Some of it, and whether all of it is gone now: until it says so it is to be called again, each time in a
    transaction of its own. It asks nobody whether it may, and does nothing where everything is gone already.
    """
    found = await Person.where(Person.id == person).lock().first()
    if found is None:
        return True
    surroundings().trail.about(person)
    if await _mails(found) or await _messages(found):
        return False
    await _tickets(found)
    await _addresses(found)
    for rows in THEIRS:
        await rows.where(rows.person_id == person).delete()
    await _names(found)
    await Departure.done(person)
    return True


def _own(person: Person) -> Any:
    """The ids of the tickets they asked, for in_()."""
    return Ticket.where(Ticket.requester_id == person.id).column(Ticket.id)


async def _mails(person: Person) -> bool:
    """The mails as they came, and whether there may be more."""
    theirs = orm.or_(Mail.ticket_id.in_(_own(person)), Mail.sender == person.email)
    mails = await Mail.where(theirs).order_by(Mail.id).limit(AT_ONCE).lock().all()
    await _forget(mails)
    await Mail.where(Mail.id.in_([one.id for one in mails])).delete()
    return len(mails) == AT_ONCE


def _said_in(tickets: Any) -> orm.Condition:
    """Also before they were merged into another one."""
    return orm.or_(Message.ticket_id.in_(tickets), Message.merged_from_id.in_(tickets))


async def _messages(person: Person) -> bool:
    """What was written, and whether there may be more."""
    written = orm.and_(Message.author_id == person.id, Message.side == "requester")
    theirs = Message.where(orm.or_(_said_in(_own(person)), written), Message.text != WORDS)
    messages = await theirs.order_by(Message.id).limit(AT_ONCE).lock().all()
    ids = [one.id for one in messages]
    for rows in (Attachment, Mail):
        files = await rows.where(rows.message_id.in_(ids)).limit(AT_ONCE * 100).all()
        await _forget(files)
        await rows.where(rows.message_id.in_(ids)).delete()
    for message in messages:
        message.text, message.visible_end = WORDS, len(WORDS)
        message.html = message.markdown = message.mail_id = message.delivery_error = None
        message.sent_to, message.cc = [], []
    await orm.flush()
    await _retell({one.ticket_id for one in messages})
    return len(messages) == AT_ONCE


async def _retell(tickets: Collection[UUID]) -> None:
    """What is found, and what lists show, is what is left."""
    for ticket in await Ticket.where(Ticket.id.in_(tickets)).order_by(Ticket.id).lock().all():
        await retell(ticket)


async def _tickets(person: Person) -> None:
    """Those they asked: that there was one, when, and whose work it was, remains."""
    own = _own(person)
    drafts = Draft.where(orm.or_(Draft.person_id == person.id, Draft.ticket_id.in_(own))).column(Draft.id)
    await _forget(await DraftFile.where(DraftFile.draft_id.in_(drafts)).limit(AT_ONCE * 100).all())
    await Draft.where(Draft.id.in_(drafts)).delete()
    await EventWords.where(EventWords.ticket_id.in_(own)).delete()
    await Searchable.where(Searchable.ticket_id.in_(own)).delete()
    groups = Ticket.where(Ticket.requester_id == person.id).column(orm.function("text", Ticket.id))
    await Outbox.where(Outbox.group.in_(groups)).delete()
    now = surroundings().now
    asked = Ticket.where(Ticket.requester_id == person.id)
    await asked.where(Ticket.status != "closed").update(status="closed", solved_at=orm.coalesce(Ticket.solved_at, now))
    await asked.update(subject=WORDS, preview="", tags=[], cc=[])
    merged = await asked.where(Ticket.merged_into_id.is_not(None)).limit(AT_ONCE * 100).all()
    await _retell({one.merged_into_id for one in merged if one.merged_into_id is not None})


async def _addresses(person: Person) -> None:
    """In what is others': the address, where it stands as one."""
    email = person.email
    lists: Sequence[tuple[Any, str]] = ((Ticket, "cc"), (Message, "cc"), (Message, "sent_to"))
    for model, name in lists:
        without = orm.function("array_remove", getattr(model, name), email)
        await model.where(orm.any_of(getattr(model, name), email)).update(**{name: without})
    for name in ("cc", "sent_to"):
        typed = getattr(Draft, name)
        await Draft.where(_names_one(typed, email)).update(**{name: orm.function("replace", typed, email, "")})
    # What is for everybody stays when they go.
    own = orm.and_(SavedView.person_id == person.id, ~SavedView.shared)
    await SavedView.where(orm.or_(own, _names_one(SavedView.conditions, email))).delete()
    await Message.where(_names_one(Message.delivery_error, email)).update(delivery_error=None)
    await EventWords.where(orm.or_(_names_one(EventWords.before, email), _names_one(EventWords.after, email))).delete()
    theirs = _says(Outbox.payload, f'"person": "{person.id}"')
    await Outbox.where(orm.or_(theirs, _names_one(Outbox.payload, email))).delete()
    await Outbox.where(_names_one(Outbox.error, email)).update(error=None)


async def _names(person: Person) -> None:
    """In the audit and of the person. The audit itself has none: its chain stays whole."""
    acts = AuditEntry.where(orm.or_(AuditEntry.actor_id == person.id, AuditEntry.person_id == person.id))
    named = orm.or_(AuditFacts.entry_id.in_(acts.column(AuditEntry.id)), _names_one(AuditFacts.facts, person.email))
    await AuditFacts.where(named).delete()
    person.name, person.email, person.zone, person.role = NAME, f"{person.id}@erased.invalid", "", "requester"
    person.role_id = None
    person.organisation_id, person.placed, person.bounced_at, person.notified_of = None, True, None, []
    person.disabled_at = person.disabled_at or surroundings().now


def _names_one(column: Any, email: str) -> orm.Condition:
    """As an address by itself: ann@acme.example stands in joann@acme.example too, who is somebody else."""
    apart = orm.function("translate", orm.function("text", column), APART, " " * len(APART))
    framed = orm.function("concat", " ", apart, " ")
    # What may follow it in an address may end a sentence.
    return orm.or_(*(orm.function("strpos", framed, f" {email}{end}") > 0 for end in (" ", ". ")))


def _says(column: Any, text: str) -> orm.Condition:
    return orm.function("strpos", orm.function("text", column), text) > 0


async def _forget(rows: Sequence[Any] | Iterable[_Stored]) -> None:
    """Their files, in every store, before the rows: what is left of a failure names what is gone, and goes next.

    What a copy still names stays until no copy does, at most 90 days: then the sweep removes it, as no row names it.
    """
    around = surroundings()
    files = {row.object_id for row in rows if row.object_id is not None}
    for file in files - (await around.named(around.customer.id, files) if files else set()):
        await around.storage.delete(around.customer.id, file)
