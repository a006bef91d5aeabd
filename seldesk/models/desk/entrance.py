"""Coming in: a password, an invitation or a mailed link, and then the second factor of who has one."""

from dataclasses import dataclass, field
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.models.desk import proof
from seldesk.models.desk.device import Device
from seldesk.models.desk.entry import Entry
from seldesk.models.desk.factor import Factor
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.mailed_link import MailedLink
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.person import Person
from seldesk.models.desk.session import MOST, Session
from seldesk.models.desk.sign_in import SignIn
from seldesk.surroundings import surroundings


@dataclass(frozen=True, slots=True)
class Entered:
    """token is a new session's secret, entry what leads to the second factor; without both it was refused, and wait
    is the seconds until the next try. device is what the browser keeps.
    """

    token: str | None = field(default=None, repr=False)
    wait: int = 0
    role: str = ""
    entry: str | None = field(default=None, repr=False)
    device: str = field(default="", repr=False)


async def by_password(caller: Caller, email: str, password: str, device: str) -> Entered:
    person, wait = await proof.by_password(caller, email, password, device)
    return (
        Entered(wait=wait) if person is None else await _past_first(caller, person.id, person.role, "password", device)
    )


async def by_invitation(caller: Caller, secret: str, password: str, device: str) -> Entered:
    """The first password is set, and the invitation used up."""
    person = await (await Invitation.open(secret)).redeem(password)
    return await _past_first(caller, person.id, person.role, "password", device)


async def by_mailed_link(caller: Caller, secret: str, device: str) -> Entered:
    """For requesters. The link and its like are used up."""
    person = await MailedLink.redeem(secret)
    return await _past_first(caller, person.id, person.role, "link", device)


async def by_code(caller: Caller, secret: str, code: str, device: str) -> Entered:
    entry, person = await Entry.open(secret)
    factor, wait = await proof.by_code(caller, person.id, code, device)
    return await _past_second(caller, entry, person, factor, device) if factor else Entered(wait=wait)


async def by_passkey(caller: Caller, secret: str, answer: str, device: str) -> Entered:
    entry, person = await Entry.open(secret)
    factor, wait = await proof.by_passkey(caller, person.id, entry.id, answer, device)
    return await _past_second(caller, entry, person, factor, device) if factor else Entered(wait=wait)


async def _past_first(caller: Caller, person: UUID, role: str, way: str, device: str) -> Entered:
    """No session, whatever was right, for somebody who has a second factor."""
    there = await _there().read(person=person)
    if there["known"]:
        surroundings().trail.about(person)
        surroundings().trail.knowing(step="first")
        return Entered(role=role, entry=Entry.begin(person, way))
    return await _in(caller, person, role, way, "", device, there["sessions"])


async def _past_second(caller: Caller, entry: Entry, person: Person, factor: str, device: str) -> Entered:
    await entry.end()
    there = await _there().read(person=person.id)
    return await _in(caller, person.id, person.role, entry.way, factor, device, there["sessions"])


async def _in(caller: Caller, person: UUID, role: str, way: str, factor: str, device: str, sessions: int) -> Entered:
    if sessions >= MOST and surroundings().rates.sign_ins:
        await Session.end_oldest(person)
    session, token = Session.begin(caller, person, factor=factor)
    SignIn.note(caller, person, session.id, way, factor)
    kept, strange = await Device.seen(person, device)
    # Whoever comes by a mailed link has just had a mail about it, and of a copy on the side nobody is told.
    if strange and way == "password" and surroundings().customer.side is None:
        told = {"address": caller.address, "browser": session.browser}
        await Outbox.post_credentials("new_device", person, told)
    return Entered(token, role=role, device=kept)


@orm.kept
def _there() -> orm.PreparedScalars:
    """Whether somebody has a second factor, and how many sessions."""
    person = orm.parameter("person", Factor.person_id)
    return orm.PreparedScalars(
        known=orm.exists(Factor.where(Factor.person_id == person)), sessions=Session.counted(person)
    )
