from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol
from uuid import UUID

import orm
from seldesk.caller import Caller
from seldesk.errors import TooManyTries
from seldesk.models.desk import (
    account_letter,
    announcement_letter,
    delivery,
    download_letter,
    leaving_letter,
    letter,
    notice,
    notification_letter,
    plan_letter,
    security_letter,
)
from seldesk.models.desk.invitation import Invitation
from seldesk.models.desk.limit import Limit
from seldesk.models.desk.mailed_link import Purpose
from seldesk.models.desk.message import Message
from seldesk.models.desk.person import Person
from seldesk.models.desk.ticket import Ticket
from seldesk.models.limit import Window
from seldesk.models.mail_queue import MailQueue
from seldesk.surroundings import surroundings

TRIED_FOR = timedelta(hours=72)
# What follows within it goes out in the same mail, and what was put right meanwhile in none.
GATHERED = timedelta(minutes=1)
MOST_CAUSES = 20
# By then every process has heard that a customer left, also one that missed the notification.
TOLD_AFTER = timedelta(minutes=2)
TESTS = Window("test mails", 10, timedelta(hours=1))
GIVEN_UP = "An owner decided after a restore that it is not sent."
# Automatic answers of one customer: so many in so much time.
AUTOMATIC = ((30, timedelta(minutes=10)), (120, timedelta(minutes=60)), (360, timedelta(minutes=600)))
# What each kind of letter is written out by; None where there is nobody any more whom it could be sent to.
Letter = Mapping[str, Any] | None
WRITTEN: Mapping[str, Callable[[orm.Claimed], Awaitable[Letter]]] = {
    "reply": letter.write,
    "confirmation": letter.write,
    "sign_in": account_letter.write,
    "password": account_letter.write,
    "notification": notification_letter.write,
    "digest": notification_letter.write,
    "invitation": notice.invitation,
    "test": notice.test,
    "closed": leaving_letter.write,
    "erased_soon": leaving_letter.write,
    "download": download_letter.write,
    "announcement": announcement_letter.write,
    "plan": plan_letter.write,
    **dict.fromkeys(security_letter.SAID, security_letter.write),
}


class Refusal(Protocol):
    """One recipient whom the relay refused while it took the letter for others."""

    @property
    def address(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def permanent(self) -> bool: ...


class Outbox(MailQueue, table="outbox", schema="app"):
    """Mail that is to go out. Written in the transaction of what caused it; in order for each ticket."""

    longest_pause: ClassVar[timedelta] = timedelta(hours=4)

    @classmethod
    async def post_reply(cls, ticket: Ticket, message: Message) -> None:
        around = surroundings()
        await cls.enqueue(
            "reply",
            {"message": str(message.id), "ticket": str(ticket.id)},
            now=around.now,
            due=around.now + around.undo,
            key=f"reply:{message.id}",
            group=str(ticket.id),
        )

    @classmethod
    async def withdraw(cls, message: UUID) -> bool:
        """Take a reply out that no worker has touched. Who locks the row first decides: workers pass it over then,
        and one that has it already leaves nothing to withdraw.
        """
        waiting = cls.where(cls.key == f"reply:{message}", cls.state == "new", cls.attempts == 0)
        task = await waiting.lock().first()
        if task is None:
            return False
        await task.delete()
        return True

    @classmethod
    def leaves_at(cls, caller: Caller, now: Any) -> orm.Expression:
        """For a row of messages: until when its author may take it back; null for all others."""
        if not caller.in_person:
            return orm.literal(None)
        waiting = cls.where(
            cls.key == orm.function("concat", "reply:", Message.id),
            cls.state == "new",
            cls.attempts == 0,
            cls.due_at > now,
            Message.author_id == caller.id,
        )
        return waiting.column(cls.due_at)

    @classmethod
    async def post_confirmation(cls, ticket: Ticket, message: Message, requester: Person) -> None:
        """Tell the sender that it arrived: once for each sender, day and mailbox, and within the rates."""
        now = surroundings().now
        for most, span in AUTOMATIC:
            recent = cls.where(cls.kind == "confirmation", cls.created_at > now - span)
            if await recent.count_up_to(most) >= most:
                return
        await cls.enqueue(
            "confirmation",
            {"message": str(message.id), "ticket": str(ticket.id)},
            now=now,
            key=f"confirmation:{ticket.mailbox_id}:{requester.id}:{now.date()}",
            group=str(ticket.id),
        )

    @classmethod
    async def post_link(cls, purpose: Purpose, email: str) -> None:
        """Mail a one-time link to whoever has this address. Whether anybody has is looked up by the worker: so
        the one who asks cannot tell, not even by the time that it takes.
        """
        await cls.enqueue(purpose, {"email": email}, now=surroundings().now)

    @classmethod
    async def post_invitation(cls, invitation: Invitation) -> None:
        named = {"invitation": str(invitation.id), "person": str(invitation.person_id)}
        await cls.enqueue("invitation", named, now=surroundings().now, group=f"person:{invitation.person_id}")

    @classmethod
    async def post_leaving(cls, kind: str, terminated_at: datetime, owners: Iterable[UUID]) -> None:
        """Tell the owners, once for each termination, that the helpdesk is closed, or that its end is near."""
        for owner in owners:
            named = {"person": str(owner), "terminated_at": terminated_at.isoformat()}
            key = f"{kind}:{terminated_at.isoformat()}:{owner}"
            now = surroundings().now
            await cls.enqueue(kind, named, now=now, due=now + TOLD_AFTER, key=key)

    @classmethod
    async def post_download(cls, kind: str, made: UUID, asked_by: UUID | None, owners: Iterable[UUID]) -> None:
        """Tell the owners, once for each, what was made to be taken away and by whom."""
        for owner in owners:
            named = {"person": str(owner), "kind": kind, "asked_by": str(asked_by) if asked_by else None}
            await cls.enqueue("download", named, now=surroundings().now, key=f"download:{made}:{owner}")

    @classmethod
    async def post_credentials(cls, kind: str, person: UUID, said: Mapping[str, str] | None = None) -> None:
        """Tell somebody what became of their own way in."""
        await cls.enqueue(kind, {"person": str(person), **(said or {})}, now=surroundings().now)

    @classmethod
    async def post_test(cls, mailbox: UUID, person: UUID) -> None:
        if wait := await Limit.wait(TESTS, str(person)):
            raise TooManyTries("That were many test mails. Wait a little.", retry_after=wait)
        await Limit.hit(TESTS, str(person))
        await cls.enqueue("test", {"mailbox": str(mailbox), "person": str(person)}, now=surroundings().now)

    @classmethod
    async def post_notifications(cls, ticket: UUID, people: Iterable[UUID], cause: Mapping[str, str]) -> None:
        """Tell these people of a ticket. A mail to them that waits still takes the cause up."""
        groups, now = {f"notification:{ticket}:{person}": person for person in people}, surroundings().now
        if not groups:
            return
        for waiting in await cls.where(cls.group.in_([*groups]), cls.state == "new", cls.attempts == 0).lock().all():
            causes = [*waiting.payload["causes"], cause]
            waiting.payload = {**waiting.payload, "causes": causes[-MOST_CAUSES:]}
            del groups[waiting.group or ""]
        payloads = {
            group: {"person": str(person), "ticket": str(ticket), "causes": [cause]} for group, person in groups.items()
        }
        await cls.enqueue_all("notification", payloads, now=now, due=now + GATHERED)

    @classmethod
    async def post_digest(cls, person: UUID, tickets: Sequence[UUID], by: str) -> None:
        """Tell somebody of many tickets at once."""
        named = {"person": str(person), "tickets": [str(ticket) for ticket in tickets], "by": by}
        now = surroundings().now
        await cls.enqueue("digest", named, now=now, due=now + GATHERED)

    @classmethod
    async def _letter(cls, claimed: orm.Claimed) -> dict[str, Any] | None:
        """A letter whose worker died may have left already. It is sent once more, with the same Message-ID, and
        never a third time: then the ticket shows that nobody knows.
        """
        task = await cls.get(claimed.id)
        if claimed.repeated and task.payload.get("repeated"):
            error = "The worker died twice while sending."
            await cls.unknown(claimed.id, claimed.lease, now=surroundings().now, error=error)
            await delivery.show(task, "unknown", "It may have been sent or not.")
            return None
        if claimed.repeated:
            task.payload = {**task.payload, "repeated": True}
        return await super()._letter(claimed)

    @classmethod
    async def written(cls, claimed: orm.Claimed) -> Letter:
        return await WRITTEN[claimed.kind](claimed)

    @classmethod
    async def sent(cls, task_id: UUID, lease: UUID, refused: Sequence[Refusal] = ()) -> None:
        """The relay has it for all but these. Those refused for now are tried again, and nobody else with them."""
        now, task = surroundings().now, await cls.get(task_id)
        for_now = [one for one in refused if not one.permanent and now - task.created_at < TRIED_FOR]
        given_up = [one for one in refused if one not in for_now]
        lost = " ".join(filter(None, (task.payload.get("lost"), _reasons(given_up))))
        if for_now:
            task.payload = {**task.payload, "left": [one.address for one in for_now], "lost": lost}
            await cls.retry(task_id, lease, now=now, due=now + task.pause(), error=_reasons(for_now))
        else:
            await cls.done(task_id, lease, now=now)
        await delivery.show(task, "queued" if for_now else "failed" if lost else "sent", lost or None)
        await Person.bounced([one.address for one in given_up if one.permanent])

    @classmethod
    async def failed(cls, task_id: UUID, lease: UUID, reason: str, *, permanent: bool) -> None:
        """Try again later, with growing pauses for three days; then give up and say so in the ticket."""
        now, task = surroundings().now, await cls.get(task_id)
        if not permanent and now - task.created_at < TRIED_FOR:
            await cls.retry(task_id, lease, now=now, due=now + task.pause(), error=reason)
            return
        if not permanent:
            reason = f"Given up after {TRIED_FOR / timedelta(hours=1):g} hours. {reason}"
        if left := task.payload.get("left"):
            reason = " ".join(filter(None, (task.payload.get("lost"), f"{', '.join(left)}: {reason}")))
        await cls.dead(task_id, lease, now=now, error=reason)
        await delivery.show(task, "failed", reason)
        if permanent:
            await delivery.bounced(task)

    @classmethod
    async def again(cls, task_id: UUID) -> None:
        """What a restore has superseded goes out after all; NotFound for any other."""
        now, task = surroundings().now, await cls._superseded(task_id)
        # Its three days begin anew.
        task.created_at, task.attempts = now, 0
        await cls.revive(task_id, now=now)

    @classmethod
    async def let_go(cls, task_id: UUID) -> None:
        """What a restore has superseded never goes out; NotFound for any other."""
        task = await cls._superseded(task_id)
        task.state, task.error = "dead", GIVEN_UP
        await delivery.show(task, "failed", GIVEN_UP)

    @classmethod
    async def _superseded(cls, task_id: UUID) -> "Outbox":
        return await cls.where(cls.id == task_id, cls.state == "superseded").lock().one()

    @classmethod
    async def withheld(cls, task_id: UUID, lease: UUID, reason: str) -> None:
        await cls.dead(task_id, lease, now=surroundings().now, error=reason)


def _reasons(refused: Sequence[Refusal]) -> str:
    return " ".join(f"{one.address}: {one.reason}" for one in refused)
