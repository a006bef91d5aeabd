"""Who works here, as owners manage them: invited, changed, sent away, taken back."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self, TypeVar
from uuid import UUID

from msgspec import UNSET, UnsetType

import orm
import rpc
from seldesk.caller import Caller
from seldesk.errors import TooManyTries
from seldesk.models.desk.entry import Entry
from seldesk.models.desk.factor import Factor
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.limit import Limit
from seldesk.models.desk.outbox import Outbox
from seldesk.models.desk.password import Verifier
from seldesk.models.desk.person import WORKERS, Person
from seldesk.models.desk.role import Post, Role
from seldesk.models.desk.session import Session
from seldesk.models.desk.token import Token
from seldesk.models.limit import Window
from seldesk.surroundings import surroundings

Shape = TypeVar("Shape")
# They go to addresses that nobody has proved yet: an owner's account must not become a source of mail.
INVITATIONS = Window("invitations", 50, timedelta(hours=1))


class LastOwner(rpc.Conflict):
    """A helpdesk needs an owner who can sign in, and this is the last one. Make somebody else an owner first."""

    code = "last_owner"


class WorksHere(rpc.Conflict):
    """Somebody with this address works here already. Choose them in the list to change them."""

    code = "works_here"


class NoLongerHere(rpc.Conflict):
    """This person is disabled. Enable them first."""

    code = "no_longer_here"


class InvitationUsed(rpc.Conflict):
    """This person has set a password already. Disable them to keep them out."""

    code = "invitation_used"


class NoSeat(rpc.Invalid):
    """No more people can work here on this plan."""

    def __init__(self, plan: str, most: int, field: str = "") -> None:
        people = "person" if most == 1 else "people"
        told = f"The plan {plan} is for {most} {people} who work here. Disable somebody first, or choose a larger plan."
        super().__init__(told, fields={field: told} if field else {})


class Member:
    """A person who works here, held for a change."""

    def __init__(self, person: Person, owners: Iterable[UUID] = ()) -> None:
        self.person = person
        self._owners = frozenset(owners)
        surroundings().trail.about(person.id)
        surroundings().trail.knowing(name=person.name, email=person.email)

    @classmethod
    async def of(cls, person: UUID) -> Self:
        """NotFound for who does not work here. All owners are locked with the person, in one order: of the last two
        who leave at the same time one stays.
        """
        owner = orm.and_(Person.role == "owner", Person.disabled_at.is_(None))
        concerned = Person.where(Person.role.in_(WORKERS), orm.or_(Person.id == person, owner))
        found = {one.id: one for one in await concerned.order_by(Person.id).lock().all()}
        if person not in found:
            raise rpc.NotFound
        return cls(found[person], (one.id for one in found.values() if one.role == "owner" and one.works_here))

    @classmethod
    async def managed_by(cls, caller: Caller, person: UUID) -> Self:
        """MoreThanYours for who may more than the caller: by their access, or a link to it, the caller could come to
        what they do not have.
        """
        member = await cls.of(person)
        (await Post.of(member.person)).within(caller.permissions)
        return member

    @classmethod
    async def known(cls, person: UUID) -> str:
        """As what they work here; NotFound for who does not."""
        found = await Person.where(Person.id == person, Person.role.in_(WORKERS)).first()
        if found is None:
            raise rpc.NotFound
        return found.role

    @classmethod
    async def invite(cls, caller: Caller, email: str, name: str, role: str) -> Self:
        """Let somebody work here and mail them the link, a requester as well as one not known yet."""
        post = await Post.named(role)
        post.within(caller.permissions)
        person = await Person.known(email, name)
        if person.role in WORKERS:
            raise WorksHere if person.disabled_at is None else NoLongerHere
        await _take_a_seat("email")
        person.name, person.disabled_at = name, None
        post.give(person)
        # Whoever works here comes in by a password, and what a mailed link has opened is over.
        for door in (Session, Entry):
            await door.where(door.person_id == person.id).delete()
        member = cls(person)
        surroundings().trail.knowing(role=post.name)
        await member._mail_link()
        return member

    @classmethod
    async def page(cls, shape: type[Shape], cursor: str | None) -> orm.Page[Shape]:
        """Everybody who works here or did, by name."""
        return await _listed().page(shape, by=(Person.name, Person.id), cursor=cursor, descending=False, **_columns())

    @classmethod
    async def shown(cls, person: UUID, shape: type[Shape]) -> Shape:
        return await _listed().where(Person.id == person).one_into(shape, **_columns())

    @staticmethod
    async def owners(shape: type[Shape]) -> list[Shape]:
        """Those who have taken their invitation up, so that their address is theirs; by name."""
        proved = orm.exists(Verifier.where(Verifier.person_id == Person.id))
        found = Person.where(Person.role == "owner", Person.disabled_at.is_(None), proved)
        ordered = found.order_by(Person.name, Person.id).limit(100)
        return await ordered.into(shape, id=Person.id, name=Person.name, email=Person.email)

    async def send_again(self) -> None:
        """A new link; the earlier one stops working."""
        if self.person.disabled_at is not None:
            raise NoLongerHere
        if await self._has_password():
            raise InvitationUsed
        await self._mail_link()

    async def revoke(self) -> None:
        """The invitation is worth nothing any more, and its person is at most a requester."""
        # First: who sets the password at this moment is waited for, and then it is there.
        await Invitation.where(Invitation.person_id == self.person.id).delete()
        if await self._has_password():
            raise InvitationUsed
        self.person.role, self.person.role_id = "requester", None

    async def change(self, *, name: str | UnsetType, post: Post | None) -> None:
        before = await Post.of(self.person)
        if post is not None and post != before:
            if self.person.role == "owner":
                await self._leave_an_owner()
            surroundings().trail.knowing(role=f"{before.name}, {post.name}")
            post.give(self.person)
        if name is not UNSET:
            self.person.name = name

    async def disable(self) -> None:
        """Out, at once: the next call of any session, token or link of theirs finds nobody."""
        if self.person.disabled_at is not None:
            return
        if self.person.role == "owner":
            await self._leave_an_owner()
        self.person.disabled_at = surroundings().now
        for door in (Session, Entry, Token, Invitation):
            await door.where(door.person_id == self.person.id).delete()

    async def enable(self) -> None:
        """Back with the password they had. Sessions and tokens do not come back."""
        if self.person.disabled_at is not None:
            await _take_a_seat()
        self.person.disabled_at = None

    async def _leave_an_owner(self) -> None:
        """One who never set a password cannot take over."""
        others = self._owners - {self.person.id}
        if not others or not await Verifier.where(Verifier.person_id.in_(others)).exists():
            raise LastOwner

    async def _has_password(self) -> bool:
        return await Verifier.where(Verifier.person_id == self.person.id).exists()

    async def _mail_link(self) -> None:
        if wait := await Limit.wait(INVITATIONS, ""):
            raise TooManyTries("That were many invitations. Wait a little.", retry_after=wait)
        await Limit.hit(INVITATIONS, "")
        self.person.bounced_at = None
        await Outbox.post_invitation(await Invitation.issue(self.person))


async def _take_a_seat(field: str = "") -> None:
    """NoSeat when as many work here as the plan is for. Of two at once who want the last one, one waits."""
    plan = surroundings().plan
    if plan is None or not plan.agents:
        return
    _ = await Person.where(Person.role == "owner").order_by(Person.id).limit(1).lock().all()
    here = Person.where(Person.role.in_(WORKERS), Person.disabled_at.is_(None))
    if await here.count_up_to(plan.agents) >= plan.agents:
        raise NoSeat(plan.name, plan.agents, field)


def _listed() -> orm.Query[Person]:
    invited = Invitation.person_id == Person.id
    here = Person.where(Person.role.in_(WORKERS)).join(Invitation, invited, optional=True)
    return here.join(Role, Role.id == Person.role_id, optional=True)


def _columns() -> dict[str, Any]:
    has_password = orm.exists(Verifier.where(Verifier.person_id == Person.id))
    state = orm.case(
        (Person.disabled_at.is_not(None), "disabled"),
        (has_password, "active"),
        (Invitation.expires_at > surroundings().now, "invited"),
        otherwise="expired",
    )
    return {
        "id": Person.id,
        "name": Person.name,
        "email": Person.email,
        "role": Person.role,
        "role_id": Person.role_id,
        "role_name": orm.coalesce(Role.name, ""),
        "state": state,
        "enrolled": orm.exists(Factor.where(Factor.person_id == Person.id)),
        "bounced": Person.bounced_at.is_not(None),
        "created_at": Person.created_at,
    }
