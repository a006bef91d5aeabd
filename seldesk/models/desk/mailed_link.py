"""One-time links that are mailed to whoever has the address that somebody gave."""

import secrets
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import orm
import rpc
from seldesk.caller import Caller
from seldesk.errors import TooManyTries
from seldesk.models.desk import trying
from seldesk.models.desk.entry import Entry
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.limit import Limit
from seldesk.models.desk.password import Verifier
from seldesk.models.desk.person import Person
from seldesk.models.desk.session import Session, fingerprint
from seldesk.models.desk.token import Token
from seldesk.models.limit import Window, block_of
from seldesk.surroundings import surroundings

Purpose = Literal["sign_in", "password"]
GOOD_FOR = {"sign_in": timedelta(minutes=10), "password": timedelta(minutes=60)}
PATHS = {"sign_in": "sign-in", "password": "reset"}
PER_BLOCK = Window("mailed link block", 100, timedelta(hours=1))
# Short: whoever asks for very many keeps everybody from asking, and no longer than from signing in.
PER_CUSTOMER = Window("mailed link customer", 500, timedelta(minutes=15))


class LinkOver(rpc.NotFound):
    """This link was used already, or is too old. Ask for a new one."""

    code = "link_over"


class MailedLink(orm.Model, table="mailed_links", schema="secret"):
    """What is kept of a link that signs its owner in, or sets their password, once."""

    id: orm.Column[UUID] = orm.key()
    fingerprint: orm.Column[bytes] = orm.binary(unique=True)
    person_id: orm.Column[UUID] = orm.reference("app.people.id")
    purpose: orm.Column[str] = orm.choice("sign_in", "password")
    expires_at: orm.Column[datetime] = orm.time(index=True)

    @classmethod
    async def allowed(cls, caller: Caller, purpose: Purpose, email: str) -> bool:
        """Whether this address may be mailed another link. It is counted whether anybody has it or not."""
        if not await Limit.take(PER_BLOCK, block_of(caller.address)):
            raise TooManyTries(retry_after=int(PER_BLOCK.span.total_seconds()))
        if wait := await Limit.claim(PER_CUSTOMER, ""):
            raise TooManyTries(retry_after=wait)
        return await Limit.take(Window(f"mailed link {purpose}", 3, timedelta(hours=1)), email)

    @classmethod
    def issue(cls, person: Person, purpose: Purpose) -> str:
        """The link's address, which stands in the mail and nowhere else."""
        secret, around = secrets.token_urlsafe(32), surroundings()
        cls.add(
            fingerprint=fingerprint(secret),
            person_id=person.id,
            purpose=purpose,
            expires_at=around.now + GOOD_FOR[purpose],
        )
        return f"{around.addresses.customer(around.customer.slug)}/{PATHS[purpose]}/{secret}"

    @classmethod
    async def owner(cls, purpose: Purpose, secret: str) -> Person:
        """Whose link this is; LinkOver when it was used, replaced or is too old. Of two at once one gets it."""
        link = await (
            cls.where(
                cls.fingerprint == fingerprint(secret), cls.purpose == purpose, cls.expires_at > surroundings().now
            )
            .lock()
            .first()
        )
        person = await Person.get(link.person_id) if link else None
        # Who works here signs in with a password: a mailbox alone must not open the desk.
        if person is None or person.disabled_at is not None or (purpose == "sign_in" and person.works_here):
            raise LinkOver
        return person

    @classmethod
    async def redeem(cls, secret: str) -> Person:
        """Whose link this is. It and its like are used up."""
        person = await cls.owner("sign_in", secret)
        await cls.where(cls.person_id == person.id, cls.purpose == "sign_in").delete()
        return person

    @classmethod
    async def set_password(cls, secret: str, password: str) -> Person:
        """Set the owner's password; all that let anybody in as them is over. Their second factors stay."""
        person = await cls.owner("password", secret)
        surroundings().trail.about(person.id)
        await Verifier.put(person.id, password, (person.name, person.email))
        await cls.where(cls.person_id == person.id).delete()
        await Invitation.where(Invitation.person_id == person.id).delete()
        for door in (Session, Entry, Token):
            await door.where(door.person_id == person.id).delete()
        await trying.anew(person.email, person.id)
        return person

    @classmethod
    async def expire(cls) -> int:
        return await cls.where(cls.expires_at < surroundings().now).delete()
